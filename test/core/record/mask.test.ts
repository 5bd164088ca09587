import fc from 'fast-check'
import { Decimal } from '../../../shared/core/record/decimal'
import { maskRecord, maskText } from '../../../shared/core/record/mask'

const patient = {
  id: 17,
  name: 'Ada King',
  born: '1815-12-10',
  weight: Decimal.ofDigits('61.50'),
  insured: true,
  middle: '',
  email: null,
  address: { city: 'Ulm', lines: ['Main Road 5', null] },
}

const ODD = `Zoë "O'Quill" & Söhne <😀> 50% (a)`

test('a masked field shows the kind of its value and nothing else', () => {
  const personal = ['name', 'born', 'weight', 'insured', 'middle', 'email', 'address', 'phone']
  expect(maskRecord(patient, personal)).toEqual({
    id: 17,
    name: '***',
    born: '******',
    weight: '###',
    insured: '?',
    middle: '',
    email: null,
    address: { city: '***', lines: ['******', null] },
  })
})

test('a record without personal fields is not copied', () => {
  expect(maskRecord(patient, [])).toBe(patient)
})

test('what a target answered is masked wherever it repeats a personal value', () => {
  const answer =
    'Key (name, city)=(ADA KING, ulm) is there already, row 17; see Ada King, Main Road 5 (61.50)'
  expect(maskText(answer, [patient], ['name', 'address', 'weight'])).toBe(
    'Key (name, city)=(***, ***) is there already, row 17; see ***, ****** (***)',
  )
})

test('a short value is masked where it stands alone, not inside other words', () => {
  expect(maskText('room 5 of row 15, 5%', [{ room: 5 }], ['room'])).toBe('room *** of row 15, ***%')
  expect(maskText('ward A: a text; Ä, A-1, A4', [{ ward: 'A' }], ['ward'])).toBe(
    'ward ***: a text; Ä, ***-1, A4',
  )
})

test.each([
  ['JSON', JSON.stringify(ODD)],
  ['JSON in JSON', JSON.stringify(JSON.stringify(ODD))],
  ['JSON in ASCII', '"Zo\\u00EB \\"O\'Quill\\" & S\\u00f6hne <\\ud83d\\ude00> 50% (a)"'],
  ['an address', encodeURIComponent(ODD)],
  ['a form', new URLSearchParams([['name', ODD]]).toString()],
  ['HTML', 'Zo&#235; &quot;O&#39;Quill&quot; &amp; S&#xF6;hne &lt;&#128512;&gt; 50% (a)'],
  ['SQL', ODD.replaceAll("'", "''")],
  ['CSV', ODD.replaceAll('"', '""')],
  ['other lines and spaces', ODD.replaceAll(' ', ' \n\t')],
])('a value is masked however it is escaped: as in %s', (_, written) => {
  const left = maskText(`refused: ${written}; see row 7`, [{ name: ODD }], ['name'])
  expect(left).toMatch(/^refused: (name=)?["\\]*\*{9}["\\]*; see row 7$/)
})

test('a number is masked with a comma and with zeros at its end', () => {
  expect(maskText('61.50 61,5 161', [{ weight: 61.5 }], ['weight'])).toBe('*** *** 161')
})

test('where an answer was cut nothing is left of the value that stood there', () => {
  const said = { name: 'Quillington', mail: 'quinn@example.com' }
  expect(maskText('got {"name":"Quilli…', [said], ['name', 'mail'])).toBe('got {"name":"***…')
  expect(maskText("status 'odd QUI…' of it", [said], ['name'])).toBe("status 'odd ***…' of it")
  expect(maskText('Quilling', [said], ['mail'])).toBe('Quilling')
})

test('no text with four or more letters or digits in a row survives', () => {
  const secrets = fc.tuple(fc.string(), fc.stringMatching(/^[a-zA-Z0-9]{4,8}$/), fc.string())
  fc.assert(
    fc.property(secrets, fc.string(), fc.string(), (parts, before, after) => {
      const secret = parts.join('').trim()
      fc.pre(!secret.includes('*') && !(before + after).includes(secret))
      expect(maskText(before + secret + after, [{ secret }], ['secret'])).not.toContain(secret)
    }),
  )
})

test('what reads like an escape may be none', () => {
  expect(maskText('no account CORP\\nina', [{ name: 'nina' }], ['name'])).toBe('no account CORP\\***')
})

test('a hostile value takes no longer than another', () => {
  const name = `"\\'%22`.repeat(500)
  const started = performance.now()
  maskText(name.repeat(20) + 'x', [{ name }, { name: '\\'.repeat(3000) + '!' }], ['name'])
  expect(performance.now() - started).toBeLessThan(1000)
})
