import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A fenced block of a page: ```language info */
export interface Block {
  language: string
  /** What follows the language: the name of a file, or `exit=3` of a command. */
  info: string
  text: string
}

export const repository = join(__dirname, '..', '..')

export function blocksOf(page: string): Block[] {
  const text = readFileSync(join(repository, page), 'utf8')
  return Array.from(
    text.matchAll(/^```(\w+) *(.*)\n([\s\S]*?)^```$/gm),
    ([, language = '', info = '', body = '']) => ({
      language,
      info,
      text: body,
    }),
  )
}
