import { join } from 'node:path'
import { registry } from '../../connectors'
import { loadDefinition } from '../../shared/adapters/definition/load'
import { antiExamples, examples } from '../../shared/contract/definition.examples'
import { folderWith } from '../support/folder'

const env = new Proxy<Record<string, string>>(
  {},
  { get: (_, name) => (name === 'MISSING' ? undefined : 'x') },
)

async function load(text: string): Promise<string> {
  const folder = folderWith({ 'tieout.yaml': text })
  try {
    await loadDefinition(join(folder.path, 'tieout.yaml'), { env, registry })
    return 'valid'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    folder.remove()
  }
}

test.each(examples)('valid: $reason', async ({ text }) => {
  expect(await load(text)).toBe('valid')
})

test.each(antiExamples)('refused: $reason', async ({ text, says }) => {
  expect(await load(text)).toContain(says)
})
