/**
 * The media type that `Accept` likes best among those offered (RFC 9110, 12.5.1); the first where it does not care.
 * @returns undefined when it takes none of them
 */
export function preferred<Type extends string>(
  accept: string | undefined,
  offered: readonly Type[],
): Type | undefined {
  if (accept === undefined || accept.trim() === '') return offered[0]
  const ranges = accept.split(',').map(rangeOf)
  let best: { type: Type; quality: number } | undefined
  for (const type of offered) {
    const quality = qualityOf(type, ranges)
    if (quality > (best?.quality ?? 0)) best = { type, quality }
  }
  return best?.type
}

interface Range {
  type: string
  quality: number
}

function rangeOf(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
  return { type, quality: quality === undefined ? 1 : Number(quality) || 0 }
}

/** The most exact range counts. */
function qualityOf(type: string, ranges: readonly Range[]): number {
  const exact = ranges.find((range) => range.type === type)
  if (exact) return exact.quality
  const group = ranges.find((range) => range.type === `${type.split('/')[0] ?? ''}/*`)
  return (group ?? ranges.find((range) => range.type === '*/*' || range.type === '*'))?.quality ?? 0
}
