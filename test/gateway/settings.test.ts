// gateway.yaml: issuers and limits that the operator decides about.
import { join } from 'node:path'
import { readSettings } from '../../gateway/settings'
import { DEFAULT_POLICIES } from '../../gateway/limits/policy'
import { folderWith } from '../support/folder'
import { containing } from '../support/answers'

async function read(text: string): Promise<unknown> {
  const folder = folderWith({ 'gateway.yaml': text })
  try {
    return await readSettings(join(folder.path, 'gateway.yaml'))
  } finally {
    folder.remove()
  }
}

test('without the file, the usual limits and no issuer', async () => {
  expect(await readSettings(join(__dirname, 'nothing.yaml'))).toEqual({
    issuers: [],
    policies: DEFAULT_POLICIES,
  })
})

test('issuers are named; limits replace, add to and take away the usual ones', async () => {
  const settings = await read(`
issuers:
  corp: { issuer: https://login.example.com/, jwks: https://login.example.com/keys, audience: tieout, algorithms: [RS256], claim: azp }
limits:
  calls: { unit: requests, quota: 60 }
  bytes: false
  night: { unit: records, quota: 5000000, burst: 100000, hours: 22:00-06:00 Europe/Berlin }
`)
  expect(settings).toMatchObject({
    issuers: [{ name: 'corp', claim: 'azp' }],
    policies: [
      { name: 'records' },
      { name: 'runs' },
      { name: 'calls', quota: 60, windowSeconds: 60 },
      { name: 'night', burst: 100000, hours: { from: '22:00', to: '06:00', zone: 'Europe/Berlin' } },
    ],
  })
})

test.each([
  ['limts: {}', 'must NOT have additional properties: limts'],
  ['limits: { calls: { unit: calls, quota: 1 } }', 'limits.calls.unit'],
  [
    'limits: { night: { unit: records, quota: 1, hours: 22:00-06:00 Mars/Base } }',
    'Mars/Base is no time zone',
  ],
  ['limits: { night: { unit: records, quota: 1, hours: 26:00-06:00 Europe/Berlin } }', 'limits.night.hours'],
  ['issuers: { a: { issuer: a, jwks: a, audience: a, algorithms: [none], claim: sub } }', 'algorithms.0'],
  ['issuers: { a: { issuer: a, jwks: a, audience: a, algorithms: [HS256], claim: sub } }', 'algorithms.0'],
  [
    'issuers: { a: { issuer: a, jwks: nothing.json, audience: a, algorithms: [RS256], claim: sub } }',
    'issuers.a.jwks: ',
  ],
  ['a: [', 'cannot be read as YAML'],
])('%s is refused', async (text, words) => {
  await expect(read(text)).rejects.toMatchObject({
    code: 'GATEWAY_SETTINGS_INVALID',
    detail: containing(words),
  })
})
