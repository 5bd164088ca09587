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
  expect(maskText(answer, patient, ['name', 'address', 'weight'])).toBe(
    'Key (name, city)=(***, ***) is there already, row 17; see ***, ****** (***)',
  )
})

test('a short value is masked where it stands alone, not inside other words', () => {
  expect(maskText('room 5 of row 15, 5%', { room: 5 }, ['room'])).toBe('room *** of row 15, ***%')
})

test('no text of four or more characters survives', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 4 }), fc.string(), fc.string(), (secret, before, after) => {
      fc.pre(!secret.includes('*') && !(before + after).includes(secret))
      expect(maskText(before + secret + after, { secret }, ['secret'])).not.toContain(secret)
    }),
  )
})
