/** Seeded randomness: the same seed gives the same run. sfc32, with splitmix32 to spread the seed. */
export type Random = {
  next(): number
  /** Whole numbers from 0 to below `limit`. */
  below(limit: number): number
  between(low: number, high: number): number
  chance(probability: number): boolean
  pick<T>(choices: readonly T[]): T
  uuid(): string
  /** Another stream, so that one part's draws do not shift another's. */
  fork(): Random
}

export const createRandom = (seed: number): Random => {
  let state = seed >>> 0
  const spread = () => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }
  let [a, b, c, d] = [spread(), spread(), spread(), spread()]
  const word = () => {
    const sum = (((a + b) >>> 0) + d) >>> 0
    d = (d + 1) >>> 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) >>> 0
    c = (((c << 21) | (c >>> 11)) + sum) >>> 0
    return sum
  }
  for (let warm = 0; warm < 12; warm += 1) word()
  const next = () => word() / 4_294_967_296
  const below = (limit: number) => Math.floor(next() * limit)
  const hex = () => word().toString(16).padStart(8, '0')
  return {
    next,
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (probability) => next() < probability,
    pick: (choices) => {
      const chosen = choices[below(choices.length)]
      if (chosen === undefined) throw new Error('Nothing to pick from')
      return chosen
    },
    uuid: () => {
      const [w, x, y, z] = [hex(), hex(), hex(), hex()]
      return `${w}-${x.slice(0, 4)}-4${x.slice(5)}-8${y.slice(1, 4)}-${y.slice(4)}${z}`
    },
    fork: () => createRandom(word()),
  }
}
