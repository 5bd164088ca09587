// Addresses that a caller can give, in every spelling that has led somebody's server to itself.
import dns from 'node:dns/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { checkedAddress, isPrivate } from '../../../gateway/security/public-address'
import { send } from '../../../gateway/webhooks/send'

afterEach(() => {
  jest.restoreAllMocks()
})

/** As a name server would answer: the machine that tests run on may have none. */
function named(...answers: string[][]): jest.SpyInstance {
  const spy = jest.spyOn(dns, 'lookup')
  for (const [i, addresses] of answers.entries()) {
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    const answer = jest.fn().mockResolvedValue(found)
    if (i === answers.length - 1) spy.mockImplementation(answer)
    else spy.mockImplementationOnce(answer)
  }
  return spy
}

const REFUSED = [
  // this machine, written in all ways
  'https://127.0.0.1/',
  'https://127.0.0.1:8420/hook',
  'https://127.1/',
  'https://127.0.1/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0x7f.0.0.1/',
  'https://0x7f.1/',
  'https://0177.0.0.1/',
  'https://017700000001/',
  'https://127.0.0.01/',
  'https://127.255.255.254/',
  'https://0/',
  'https://0.0.0.0/',
  'https://0.1.2.3/',
  'https://127.0.0.1./',
  'https://①②⑦.⓪.⓪.①/',
  'https://127。0。0。1/',
  'https://%31%32%37.0.0.1/',
  'https://[::1]/',
  'https://[0:0:0:0:0:0:0:1]/',
  'https://[::]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:7f00:1]/',
  'https://[0:0:0:0:0:ffff:127.0.0.1]/',
  'https://[::127.0.0.1]/',
  'https://[64:ff9b::7f00:1]/',
  'https://[64:ff9b::127.0.0.1]/',
  'https://[2002:7f00:1::]/',
  'https://[2001:0:7f00:1::]/',
  // what only the inside of a network reaches
  'https://10.0.0.1/',
  'https://10.255.255.255/',
  'https://012.0.0.1/',
  'https://172.16.0.1/',
  'https://172.31.255.255/',
  'https://192.168.0.1/',
  'https://3232235521/',
  'https://100.64.0.1/',
  'https://198.18.0.1/',
  'https://[fc00::1]/',
  'https://[fd12:3456:789a::1]/',
  'https://[fec0::1]/',
  'https://[::ffff:10.0.0.1]/',
  'https://[::ffff:c0a8:1]/',
  // metadata of clouds
  'https://169.254.169.254/latest/meta-data/',
  'https://0xa9fea9fe/',
  'https://2852039166/',
  'https://0251.0376.0251.0376/',
  'https://[::ffff:169.254.169.254]/',
  'https://[fe80::1]/',
  'https://[fd00:ec2::254]/',
  // no single receiver
  'https://224.0.0.1/',
  'https://255.255.255.255/',
  'https://[ff02::1]/',
  // documentation and discard
  'https://192.0.2.1/',
  'https://[2001:db8::1]/',
  'https://[100::1]/',
  // another protocol, or what a proxy or a person would misread
  'http://example.com/',
  'ftp://example.com/',
  'file:///etc/passwd',
  'gopher://example.com/',
  'javascript:alert(1)',
  'data:text/plain,x',
  'https://user@example.com/',
  'https://user:secret@example.com/',
  'https://example.com@127.0.0.1/',
  'https://127.0.0.1#@example.com/',
  'https://127.0.0.1\\@example.com/',
  'https:///127.0.0.1/',
  'https:127.0.0.1',
  '//127.0.0.1/',
  'https://',
  '',
  'not an address',
]

test('the table has the 60 and more that were asked for', () => {
  expect(new Set(REFUSED).size).toBe(REFUSED.length)
  expect(REFUSED.length).toBeGreaterThanOrEqual(60)
})

test.each(REFUSED)('%s is refused', async (url) => {
  await expect(checkedAddress(url, [])).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' })
})

test.each([
  ['localhost', ['127.0.0.1']],
  ['localhost.', ['127.0.0.1']],
  ['127.0.0.1.nip.example', ['127.0.0.1']],
  ['inside.example', ['93.184.215.14', '10.0.0.1']],
  ['inside6.example', ['2606:2800:21f::1', '::1']],
  ['mapped.example', ['::ffff:192.168.0.1']],
])('a name that stands for an inner address is refused: %s', async (name, addresses) => {
  named(addresses)
  await expect(checkedAddress(`https://${name}/`, [])).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' })
})

test('a public name is taken, and what it stood for is what will be called', async () => {
  named(['93.184.215.14', '2606:2800:21f::1'])
  expect(await checkedAddress('https://example.com/hook?a=1', [])).toMatchObject({
    address: '93.184.215.14',
    family: 4,
  })
})

test.each([
  ['8.8.8.8', false],
  ['172.32.0.1', false],
  ['100.128.0.1', false],
  ['2606:4700::1111', false],
  ['172.16.0.1', true],
  ['::ffff:8.8.8.8', true],
])('%s is private: %s', (address, expected) => {
  expect(isPrivate(address)).toBe(expected)
})

test('an operator allows a host by its name and port, nothing else of it', async () => {
  named(['127.0.0.1'])
  const allowed = ['hooks.internal:9000']
  await expect(checkedAddress('http://hooks.internal:9000/a', allowed)).resolves.toMatchObject({
    address: '127.0.0.1',
  })
  // as it stands in an address, the usual port is left out
  await expect(checkedAddress('https://hooks.internal/a', ['Hooks.internal:443'])).resolves.toMatchObject({
    address: '127.0.0.1',
  })
  await expect(checkedAddress('http://hooks.internal/a', ['hooks.internal:443'])).rejects.toMatchObject({
    code: 'ADDRESS_REFUSED',
  })
  await expect(checkedAddress('http://hooks.internal:9001/a', allowed)).rejects.toMatchObject({
    code: 'ADDRESS_REFUSED',
  })
  await expect(checkedAddress('http://other.internal:9000/a', allowed)).rejects.toMatchObject({
    code: 'ADDRESS_REFUSED',
  })
})

describe('a name whose answer changes after the check', () => {
  let inner: Server
  let hits: string[]
  beforeEach(async () => {
    hits = []
    inner = createServer((request, response) => {
      hits.push(`${request.method ?? ''} ${request.headers.host ?? ''}`)
      response.end()
    })
    await new Promise<void>((resolve) => inner.listen(0, '127.0.0.1', resolve))
  })
  afterEach(() => {
    inner.close()
    inner.closeAllConnections()
  })

  const port = (): number => {
    const address: AddressInfo | string | null = inner.address()
    if (typeof address !== 'object' || address === null) throw new Error('it does not listen')
    return address.port
  }

  test('the connection goes to what was checked: the name is not asked a second time', async () => {
    const host = `rebind.example:${String(port())}`
    const lookups = named(['127.0.0.1'], ['203.0.113.1'])
    expect(await send(`http://${host}/`, {}, '{}', [host])).toEqual({ status: 200 })
    expect(lookups).toHaveBeenCalledTimes(1)
    // by the address that was checked, under the name that was asked for
    expect(hits).toEqual([`POST ${host}`])
  })

  test('and one that turns to the inside between two calls is refused at the second', async () => {
    named(['93.184.215.14'], ['127.0.0.1'])
    const url = `https://rebind.example:${String(port())}/`
    await expect(checkedAddress(url, [])).resolves.toMatchObject({ address: '93.184.215.14' })
    await expect(send(url, {}, '{}', [])).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' })
    expect(hits).toEqual([])
  })

  test('a redirect is not followed', async () => {
    inner.removeAllListeners('request')
    inner.on('request', (request, response) => {
      hits.push(request.url ?? '')
      response.writeHead(307, { location: '/inside' }).end()
    })
    const host = `localhost:${String(port())}`
    expect(await send(`http://${host}/hook`, {}, '{}', [host])).toEqual({ status: 307 })
    expect(hits).toEqual(['/hook'])
  })
})
