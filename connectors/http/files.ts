import type { Files, TlsOptions } from '../../shared/core/ports'
import type { DataRecord } from '../../shared/core/record/value'
import { section, text } from '../../shared/core/settings'
import { texts } from './settings'

/** A PEM text, or the file that holds it. */
export async function pemOf(files: Files, value: string): Promise<string> {
  return value.trimStart().startsWith('-----BEGIN') ? value : await files.text(value)
}

/** Authorities and client certificate of a connection; undefined where it has none. */
export async function tlsOf(settings: DataRecord, files: Files): Promise<TlsOptions | undefined> {
  const auth = section(settings, 'auth') ?? {}
  const [cert, key, pfx] =
    text(auth, 'type') === 'clientCertificate' ? ['cert', 'key', 'pfx'].map((name) => text(auth, name)) : []
  const passphrase = text(auth, 'passphrase')
  const serverName = text(settings, 'serverName')
  const ca = await Promise.all(texts(settings, 'ca').map((file) => pemOf(files, file)))
  const tls: TlsOptions = {
    ...(ca.length === 0 ? {} : { ca }),
    ...(cert === undefined ? {} : { cert: await pemOf(files, cert) }),
    ...(key === undefined ? {} : { key: await pemOf(files, key) }),
    ...(pfx === undefined ? {} : { pfx: await files.bytes(pfx) }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(serverName === undefined ? {} : { serverName }),
  }
  return Object.keys(tls).length === 0 ? undefined : tls
}
