/**
 * Codes of a scanner that types them like a keyboard, told apart from a person's typing by their speed and the key at their end.
 *
 * Invariants: it only looks at keys; it never asks to hold one back but the Enter or Tab that ends a code. Signs that an input program (Telex,
 * VNI) stood between scanner and page are kept with the code: composing, Backspace in the midst, digits typed with Alt.
 */
export type WedgeKey = {
  key: string
  /** Milliseconds, of the same clock for every key. */
  at: number
  composing: boolean
  alt: boolean
  control: boolean
}

export type WedgeCode = {
  text: string
  /** An input program or an Alt code was at work: letters may be changed or missing. */
  disturbed: boolean
}

/** A person's fastest keys are some 60 ms apart; scanners send one every 1 to 20 ms. */
const longestGap = 45
const shortestCode = 9
const longestCode = 2_000

export type KeyboardWedge = {
  /** The code, at the key that ends one; otherwise null. */
  take(press: WedgeKey): WedgeCode | null
  reset(): void
}

const isModifier = (key: string): boolean => ['Shift', 'Alt', 'AltGraph', 'Control', 'CapsLock', 'NumLock'].includes(key)

export const createKeyboardWedge = (): KeyboardWedge => {
  let characters: string[] = []
  let keys = 0
  let disturbed = false
  let last = Number.NEGATIVE_INFINITY

  const reset = (): void => {
    characters = []
    keys = 0
    disturbed = false
  }

  return {
    take({ key, at, composing, alt, control }) {
      if (isModifier(key)) return null
      if (at - last > longestGap) reset()
      last = at
      if (composing || key === 'Process' || key === 'Unidentified' || key === 'Dead') {
        disturbed = true
        keys += 1
        return null
      }
      if (key === 'Enter' || key === 'Tab') {
        const code = keys >= shortestCode && characters.length > 0 ? { text: characters.join(''), disturbed } : null
        reset()
        return code
      }
      if (key === 'Backspace') {
        if (keys > 0) disturbed = true
        keys += 1
        return null
      }
      if ([...key].length !== 1 || control) {
        reset()
        return null
      }
      keys += 1
      if (alt) disturbed = true
      else if (characters.length < longestCode) characters.push(key)
      return null
    },
    reset,
  }
}
