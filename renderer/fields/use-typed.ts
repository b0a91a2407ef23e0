import { startTransition, useEffect, useRef, useState } from 'react'
import { useLatest } from '../ui/use-latest.ts'

/**
 * The text under the cursor stays exactly as the input program left it; the answer beside it is NFC. Only a value that comes from elsewhere
 * (card, notation of the form) replaces what stands in the control.
 */
export const useTyped = (value: string, onType: (value: string) => void): [string, (text: string) => void] => {
  const [text, setText] = useState(value)
  const sent = useRef(value)
  useEffect(() => {
    if (value === sent.current) return
    sent.current = value
    setText(value)
  }, [value])
  const type = useLatest((next: string): void => {
    setText(next)
    sent.current = next.normalize('NFC')
    // The letter's own frame comes first; whatever follows from it is drawn after that.
    startTransition(() => onType(next))
  })
  return [text, type]
}
