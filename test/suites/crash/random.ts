import { createHash } from 'node:crypto'

/** Numbers from 0 up to 1, the same in every run. */
export function chanceOf(seed: string): () => number {
  let drawn = 0
  return () => createHash('sha256').update(`${seed} ${++drawn}`).digest().readUInt32BE() / 2 ** 32
}

/** At most `count` of the items, drawn by chance. */
export function some<T>(items: readonly T[], count: number, chance: () => number): T[] {
  const left = [...items]
  while (left.length > count) left.splice(Math.floor(chance() * left.length), 1)
  return left
}
