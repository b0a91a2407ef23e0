import { startTransition, useLayoutEffect, useRef, useState } from 'react'
import { createEchoes } from './echoes.ts'

type TypedInput = {
  ref: (input: HTMLInputElement | null) => void
  defaultValue: string
  type: (text: string) => void
}

/**
 * A control that keeps its own text: what stands under the cursor is exactly what the input program left there, and a letter draws nothing of
 * the page. The answer beside it is NFC. Only a value that comes from elsewhere (card, notation of the form) replaces what stands there.
 */
export const useTypedInput = (value: string, onType: (value: string) => void): TypedInput => {
  const [first] = useState(value)
  const [echoes] = useState(() => createEchoes(value))
  const control = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => {
    if (echoes.isFromElsewhere(value) && control.current !== null) control.current.value = value
  }, [echoes, value])
  const [ref] = useState(() => (input: HTMLInputElement | null) => {
    control.current = input
  })
  return {
    ref,
    defaultValue: first,
    type(text) {
      echoes.typed(text.normalize('NFC'))
      // The letter's own frame comes first; whatever follows from it is drawn after that.
      startTransition(() => onType(text))
    },
  }
}
