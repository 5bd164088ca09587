import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { repository } from './blocks'

const pages = ['README.md', ...globSync('{docs,connectors}/**/*.md', { cwd: repository })].sort()

const textOf = (page: string): string =>
  readFileSync(join(repository, page), 'utf8').replace(/^```[\s\S]*?^```$/gm, '')

/** As GitHub names the headings of a page. */
function anchorsOf(page: string): string[] {
  return Array.from(textOf(page).matchAll(/^#+ (.*)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

function leadsNowhere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const file = path === '' ? page : normalize(join(dirname(page), path))
  if (!existsSync(join(repository, file))) return true
  if (anchor === undefined || statSync(join(repository, file)).isDirectory()) return false
  return !anchorsOf(file).includes(anchor)
}

test.each(pages)('every link of %s leads somewhere', (page) => {
  const links = Array.from(textOf(page).matchAll(/\]\(([^)\s]+)\)/g), ([, link = '']) => link)
  const own = links.filter((link) => !/^[a-z]+:/.test(link))

  expect(own.filter((link) => leadsNowhere(page, link))).toEqual([])
})

test('every page of docs can be reached from the README', () => {
  const reached = new Set(['README.md'])
  for (const page of reached) {
    if (!page.endsWith('.md')) continue
    for (const [, link = ''] of textOf(page).matchAll(/\]\(([^)\s#:]+)(?:#[^)]*)?\)/g))
      reached.add(normalize(join(dirname(page), link)))
  }
  expect(pages.filter((page) => page.startsWith('docs/') && !reached.has(page))).toEqual([])
})
