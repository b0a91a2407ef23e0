import { useLayoutEffect, useRef, useState } from 'react'
import { useLatest } from '../ui/use-latest.ts'
import { createEchoes } from './echoes.ts'

type TypedControl = {
  /** The control's own: nothing here changes when a letter is typed. */
  control: { ref: (input: HTMLInputElement | null) => void; defaultValue: string }
  /** What stands in the control. */
  text: () => string
  type: (text: string) => void
  /** Puts a text there, as if it was typed; whoever does says so himself. */
  put: (text: string) => void
  leave: () => void
}

/**
 * A control that keeps its own text: what stands under the cursor is exactly what the input program left there, and a letter draws nothing of
 * the page. The answer beside it is NFC. Only a value that comes from elsewhere (card, list, notation of the form) replaces what stands there.
 */
export const useTyped = (value: string, onType: (value: string) => void): TypedControl => {
  const input = useRef<HTMLInputElement>(null)
  const [echoes] = useState(() => createEchoes(value))
  const [control] = useState(() => ({
    ref: (made: HTMLInputElement | null): void => {
      input.current = made
    },
    defaultValue: value,
  }))
  useLayoutEffect(() => {
    const { current } = input
    if (!echoes.isFromElsewhere(value) || current === null) return
    // Whoever just came here by Tab has everything marked, to type over it.
    const marked =
      current === document.activeElement && current.selectionEnd === current.value.length && current.selectionStart === 0
    current.value = value
    if (marked) current.select()
  })
  const type = useLatest((text: string): void => {
    echoes.typed(text.normalize('NFC'))
    onType(text)
  })
  const [text] = useState(() => () => input.current?.value ?? '')
  const put = useLatest((next: string): void => {
    if (input.current !== null) input.current.value = next
    echoes.typed(next.normalize('NFC'))
  })
  return { control, text, type, put, leave: echoes.left }
}
