/** A space is %20, which every server reads; that `+` is one is a rule of HTML forms alone. */
export function withQuery(url: URL, query: Readonly<Record<string, string>>): URL {
  if (Object.keys(query).length === 0) return url
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  url.search = url.search.replaceAll('+', '%20')
  return url
}
