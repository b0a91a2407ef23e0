import { useEffect, useRef, useState } from 'react'

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
  return [
    text,
    (next) => {
      setText(next)
      sent.current = next.normalize('NFC')
      onType(next)
    },
  ]
}
