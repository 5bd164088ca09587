import { createHmac, randomBytes } from 'node:crypto'
import { Fault } from '../../shared/core/fault'
import type { Credential } from './client'
import type { ClientStore } from './client-store'
import { hashSecret, matchesSecret } from './secret'

const MOST = 1000

/** Client id and secret. What was proved once is remembered by a hash that is worth nothing outside this process. */
export class Secrets {
  private readonly proved = new Map<string, string>()
  private readonly pepper = randomBytes(32)
  private nobody: Promise<string> | undefined

  constructor(private readonly clients: ClientStore) {}

  /** The same answer after the same work for a client that is not known. @throws Fault CREDENTIALS_INVALID */
  async prove(client: string, secret: string): Promise<Credential> {
    const name = createHmac('sha256', this.pepper).update(`${client}\n${secret}`).digest('base64')
    const known = this.proved.get(name)
    const credential =
      (known === undefined ? undefined : this.clients.credential(known)) ??
      (await this.search(client, secret))
    if (!credential)
      throw new Fault('CREDENTIALS_INVALID', 'Client id and secret are not known together here.', {})
    if (this.proved.size >= MOST) this.proved.clear()
    this.proved.set(name, credential.id)
    return credential
  }

  /** Newest first: that of a rotation. */
  private async search(client: string, secret: string): Promise<Credential | undefined> {
    const candidates = this.clients.ofClient(client, 'secret').reverse()
    if (candidates.length === 0) await matchesSecret(secret, await (this.nobody ??= hashSecret('nobody')))
    for (const credential of candidates) if (await matchesSecret(secret, credential.proof)) return credential
    return undefined
  }
}
