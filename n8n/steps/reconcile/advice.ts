/** Settings of a definition that advice quotes, and what stands for them here. */
const HERE = [
  ['"map: ', 'map is a node before this one, such as Edit Fields'],
  ['"pairing: ', 'pairing is a node before this one, such as Summarize'],
  ['"compare: ', 'compare is Tolerances'],
  ['"match"', 'match is Key Fields, with Ignore in Keys'],
  ['"ignore: ', 'ignore is Fields to Leave Out'],
] as const

/** Advice for who has this node and no definition. */
export function adviceHere(advice: string): string {
  const here = HERE.filter(([setting]) => advice.includes(setting)).map(([, words]) => words)
  return here.length === 0 ? advice : `${advice} In n8n: ${here.join('; ')}.`
}
