import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Issued {
  cert: string
  key: string
}

/** A private authority made with openssl, for tests of TLS. */
export class Authority {
  private readonly folder = mkdtempSync(join(tmpdir(), 'tieout-ca-'))
  private count = 0
  readonly cert: string

  constructor(readonly name = 'Example Root') {
    this.run(['req', '-x509', ...newKey('ca.key'), '-out', 'ca.pem', '-days', '2', '-subj', `/CN=${name}`])
    this.cert = this.read('ca.pem')
  }

  /** A certificate for a server (localhost unless another name is given) or a client. */
  issue({ name = 'localhost', days = 1 }: { name?: string; days?: number } = {}): Issued {
    const file = `c${String(++this.count)}`
    writeFileSync(join(this.folder, `${file}.ext`), `subjectAltName=DNS:${name}\n`)
    this.run(['req', '-new', ...newKey(`${file}.key`), '-out', `${file}.csr`, '-subj', `/CN=${name}`])
    const sign = [
      'x509',
      '-req',
      '-in',
      `${file}.csr`,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
    ]
    this.run([...sign, '-out', `${file}.pem`, '-extfile', `${file}.ext`, '-days', String(days)])
    return { cert: this.read(`${file}.pem`), key: this.read(`${file}.key`) }
  }

  expired(): Issued {
    return this.dated('20200101000000Z', '20200102000000Z')
  }

  notYetValid(): Issued {
    return this.dated('20980101000000Z', '20990101000000Z')
  }

  /** openssl 3.0 cannot set dates of `x509 -req`, `ca` can. */
  private dated(start: string, end: string): Issued {
    const { key } = this.issue()
    const file = `c${String(this.count)}`
    const settings =
      '[ca]\ndefault_ca=d\n[d]\ndatabase=index\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n'
    writeFileSync(join(this.folder, 'ca.conf'), settings)
    writeFileSync(join(this.folder, 'index'), '')
    writeFileSync(join(this.folder, 'serial'), '1000\n')
    const dates = ['-startdate', start, '-enddate', end]
    const sign = [
      'ca',
      '-batch',
      '-config',
      'ca.conf',
      '-cert',
      'ca.pem',
      '-keyfile',
      'ca.key',
      '-in',
      `${file}.csr`,
    ]
    this.run([...sign, '-out', `${file}-dated.pem`, '-extfile', `${file}.ext`, '-notext', ...dates])
    return { cert: this.read(`${file}-dated.pem`), key }
  }

  /** Its own certificate, for a server that vouches for itself. */
  get self(): Issued {
    return { cert: this.cert, key: this.read('ca.key') }
  }

  /** The same as a PFX. */
  pfx({ cert, key }: Issued, passphrase: string): Buffer {
    writeFileSync(join(this.folder, 'pfx.pem'), cert + key)
    this.run(['pkcs12', '-export', '-in', 'pfx.pem', '-out', 'out.pfx', '-passout', `pass:${passphrase}`])
    return readFileSync(join(this.folder, 'out.pfx'))
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  private run(args: string[]): void {
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' })
  }

  private read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8')
  }
}

function newKey(file: string): string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', file]
}
