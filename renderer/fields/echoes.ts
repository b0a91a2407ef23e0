/**
 * The page follows what is typed after the letter's frame and as transitions, so it may leave letters out or draw an older letter back when
 * newer ones stand in the control already. This tells such an echo from a value that came from elsewhere (a card, the notation of the form),
 * which alone may replace what stands there. While the page has letters still to draw they are the newest word, and nothing replaces them: a
 * proposal that was under way when the clerk began to type comes too late.
 */
export type Echoes = {
  typed(text: string): void
  /** The control was left: every letter is heard with that, and none is drawn late any more. */
  left(): void
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
    left() {
      awaited = awaited.slice(-1)
    },
    isFromElsewhere(drawn) {
      const at = drawn === awaited.at(-1) ? awaited.length - 1 : awaited.indexOf(drawn)
      if (at === -1 && awaited.length > 1) return false
      awaited = at === -1 ? [drawn] : awaited.slice(at)
      return at === -1
    },
  }
}
