import { getProxyForUrl } from 'proxy-from-env'
import type { HttpOptions } from '../../core/ports'

/** The proxy that a request to `url` has to use, or undefined where it goes straight. */
export function proxyFor(url: URL, options: HttpOptions): URL | undefined {
  const { proxy = 'environment', noProxy = '' } = options
  if (proxy === 'none' || bypasses(noProxy, url)) return undefined
  const address = proxy === 'environment' ? getProxyForUrl(url.href) : proxy
  return address === '' ? undefined : new URL(address)
}

export function credentialsOf(proxy: URL): { username: string; password: string } | undefined {
  if (proxy.username === '') return undefined
  return { username: decodeURIComponent(proxy.username), password: decodeURIComponent(proxy.password) }
}

export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port)
  return url.protocol === 'https:' ? 443 : 80
}

/** The usual NO_PROXY form: names and suffixes ('example.com', '.example.com', '*.example.com'), each with an optional port. */
function bypasses(noProxy: string, url: URL): boolean {
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some((rule) => {
      const [, name = '', port = ''] = /^(.*?)(?::(\d+))?$/.exec(rule) ?? []
      if (name === '' || (port !== '' && Number(port) !== portOf(url))) return false
      if (name === '*') return true
      const suffix = name.replace(/^\*?\./, '')
      return url.hostname === suffix || url.hostname.endsWith('.' + suffix)
    })
}
