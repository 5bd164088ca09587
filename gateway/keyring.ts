import { hkdfSync, randomBytes } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { hasCode } from '../shared/adapters/definition/system-error'
import { Fault } from '../shared/core/fault'

/** What a key is used for; one use tells nothing about another. */
export type Purpose = 'pepper' | 'seal' | 'token' | 'audit'

const HEADER =
  '# Secret of this gateway, newest key first. Without it no key of a client, no token and no sealed secret can be used.\n'

/**
 * The keys of `.tieout/gateway.key`, each 256 bits with an id. New things are made with the first; the others stay for
 * what was made with them. A file that another process changed is read again.
 */
export class Keyring {
  private keys = new Map<string, Buffer>()
  private readonly derived = new Map<string, Buffer>()
  private modified = 0

  /** Makes the file, readable by its owner alone, if it is not there. @throws Fault GATEWAY_KEY_UNUSABLE */
  constructor(private readonly path: string) {
    try {
      writeFileSync(path, `${HEADER}${newLine()}`, { mode: 0o600, flag: 'wx' })
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error
    }
    this.read()
  }

  /** Id of the key that new things are made with. */
  get current(): string {
    if (statSync(this.path).mtimeMs !== this.modified) this.read()
    const [id] = this.keys.keys()
    return id ?? ''
  }

  get ids(): string[] {
    return [...this.keys.keys()]
  }

  /** 256 bits of a key for one purpose. @throws Fault GATEWAY_KEY_UNUSABLE when there is no such key */
  of(id: string, purpose: Purpose): Buffer {
    const name = `${id} ${purpose}`
    let bytes = this.derived.get(name)
    if (!bytes) {
      if (!this.keys.has(id)) this.read()
      const key = this.keys.get(id)
      if (!key) throw unusable(this.path, `it has no key ${id}, which something was made with`)
      bytes = Buffer.from(hkdfSync('sha256', key, '', `tieout ${purpose}`, 32))
      this.derived.set(name, bytes)
    }
    return bytes
  }

  /** Puts a new key before the others. */
  renew(): void {
    const lines = readFileSync(this.path, 'utf8').split('\n').filter(isKeyLine)
    writeFileSync(this.path, `${HEADER}${newLine()}${lines.map((line) => `${line}\n`).join('')}`)
    this.read()
  }

  private read(): void {
    this.modified = statSync(this.path).mtimeMs
    const lines = readFileSync(this.path, 'utf8').split('\n').filter(isKeyLine)
    this.keys = new Map(
      lines.map((line) => {
        const [id = '', text = ''] = line.trim().split(/\s+/)
        const bytes = Buffer.from(text, 'base64url')
        if (bytes.length !== 32) throw unusable(this.path, 'a line of it is not an id and 256 bits')
        return [id, bytes]
      }),
    )
    if (this.keys.size === 0) throw unusable(this.path, 'it holds no key')
  }
}

function newLine(): string {
  return `${randomBytes(4).toString('hex')} ${randomBytes(32).toString('base64url')}\n`
}

function isKeyLine(line: string): boolean {
  return line.trim() !== '' && !line.startsWith('#')
}

function unusable(path: string, why: string): Fault {
  return new Fault('GATEWAY_KEY_UNUSABLE', `The file ${path} cannot be used: ${why}.`, { path, why })
}
