import { randomBytes } from 'node:crypto'
import type { Keyring } from '../keyring'
import { hashOf, newApiKey } from './api-key'
import type { Client, Credential, CredentialKind, Rights } from './client'
import type { ClientStore } from './client-store'
import { hashSecret, newSecret } from './secret'

const PREFIX: Readonly<Record<Exclude<CredentialKind, 'api-key'>, string>> = {
  secret: 'cs',
  certificate: 'ct',
  'public-key': 'pk',
  subject: 'js',
}

export interface NewCredential extends Rights {
  client: string
  expires?: number
}

/** Makes credentials. What is secret of one is returned once and kept only as a hash. */
export class Issue {
  constructor(
    private readonly clients: ClientStore,
    private readonly ring: Keyring,
    private readonly now: () => number,
  ) {}

  client(id: string, tenant: string, limits: Client['limits'] = {}): Client {
    const client = { id, tenant, created: this.now(), limits }
    this.clients.saveClient(client)
    return client
  }

  apiKey(given: NewCredential): { credential: Credential; key: string } {
    const { id, key } = newApiKey()
    return { credential: this.save({ ...given, id, kind: 'api-key', proof: hashOf(this.ring, key) }), key }
  }

  async secret(given: NewCredential): Promise<{ credential: Credential; secret: string }> {
    const secret = newSecret()
    const proof = await hashSecret(secret)
    return { credential: this.save({ ...given, id: newId('secret'), kind: 'secret', proof }), secret }
  }

  /** For what the client proves with something of its own. */
  registered(
    given: NewCredential,
    kind: 'certificate' | 'public-key' | 'subject',
    proof: string,
  ): Credential {
    return this.save({ ...given, id: newId(kind), kind, proof })
  }

  private save(credential: Omit<Credential, 'created'>): Credential {
    const saved = { ...credential, created: this.now() }
    this.clients.save(saved)
    return saved
  }
}

function newId(kind: keyof typeof PREFIX): string {
  return `${PREFIX[kind]}_${randomBytes(4).toString('hex')}`
}
