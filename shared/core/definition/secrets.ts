import { isList, isObject, type Value } from '../record/value'
import type { Complaint } from './finding'
import type { Path } from './path'
import { hasReference } from './references'

const SECRET_NAME =
  /passwor[dt]|passwd|passphrase|secret|token$|api[-_]?key|private[-_]?key|credential|^authorization$/i
const URL = /^[a-z][a-z0-9+.-]*:\/\//i
const PASSWORD_IN_URL = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@:]*:[^/?#@]+@/i

/**
 * Secrets that stand in the file itself: settings with `secret: true` in the connector's schema, names that sound
 * like one, and passwords in a URL. `raw` is the file before its references were filled in.
 */
export function literalSecrets(raw: Value, schema: Value | undefined, path: Path): Complaint[] {
  const complaints: Complaint[] = []
  const walk = (value: Value, schema: Value | undefined, path: Path): void => {
    if (isList(value)) {
      value.forEach((item, at) => {
        walk(item, property(schema, 'items'), [...path, at])
      })
    } else if (isObject(value)) {
      for (const [name, item] of Object.entries(value)) {
        walk(item, property(property(schema, 'properties'), name), [...path, name])
      }
    } else if (typeof value === 'string' && value !== '' && !hasReference(value)) {
      const message = complaintAbout(value, schema, path)
      if (message !== undefined) complaints.push({ path, message })
    }
  }
  walk(raw, schema, path)
  return complaints
}

function complaintAbout(value: string, schema: Value | undefined, path: Path): string | undefined {
  if (PASSWORD_IN_URL.test(value)) return `has a password in its address; ${advice(path)}`
  const name = path.findLast((step) => typeof step === 'string') ?? ''
  const secret = schema === undefined ? SECRET_NAME.test(name) : property(schema, 'secret') === true
  return secret && !URL.test(value) ? `is a secret in the file; ${advice(path)}` : undefined
}

function advice(path: Path): string {
  const name = path
    .filter((step) => step !== 'connections' && step !== 'workflows')
    .join('_')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase()
  return `write \${${name}} and put the value in the environment or in .tieout/secrets.env`
}

function property(schema: Value | undefined, name: string): Value | undefined {
  return isObject(schema) ? schema[name] : undefined
}
