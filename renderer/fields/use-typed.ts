import { startTransition, useLayoutEffect, useState } from 'react'
import { useLatest } from '../ui/use-latest.ts'
import { createEchoes } from './echoes.ts'

/**
 * The text under the cursor stays exactly as the input program left it; the answer beside it is NFC. Only a value that comes from elsewhere
 * (card, notation of the form) replaces what stands in the control.
 */
export const useTyped = (value: string, onType: (value: string) => void): [string, (text: string) => void] => {
  const [text, setText] = useState(value)
  const [echoes] = useState(() => createEchoes(value))
  useLayoutEffect(() => {
    if (echoes.isFromElsewhere(value)) setText(value)
  }, [echoes, value])
  const type = useLatest((next: string): void => {
    setText(next)
    echoes.typed(next.normalize('NFC'))
    // The letter's own frame comes first; whatever follows from it is drawn after that.
    startTransition(() => onType(next))
  })
  return [text, type]
}
