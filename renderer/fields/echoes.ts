/**
 * The page follows what is typed as transitions, so it may draw an older letter back when newer ones stand in the control already. This tells
 * such an echo from a value that came from elsewhere (a card, the notation of the form), which alone may replace what stands there.
 */
export type Echoes = {
  typed(text: string): void
  /** Of a value that the page draws. */
  isFromElsewhere(value: string): boolean
}

export const createEchoes = (value: string): Echoes => {
  /** What was last drawn, and what was typed since, in order. */
  let awaited = [value]
  return {
    typed(text) {
      awaited.push(text)
    },
    isFromElsewhere(drawn) {
      const at = drawn === awaited.at(-1) ? awaited.length - 1 : awaited.indexOf(drawn)
      awaited = at === -1 ? [drawn] : awaited.slice(at)
      return at === -1
    },
  }
}
