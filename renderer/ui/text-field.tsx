import { type ChangeEvent, useEffect, useId, useRef } from 'react'

type Props = {
  label: string
  value: string
  onChange: (value: string) => void
  hint?: string
  problem?: string | undefined
  secret?: boolean
  digits?: boolean
  /** The page has this one thing to do, and its heading labels it. */
  autoFocus?: boolean
  autoComplete?: string
}

/** A plain labelled input of the sign-in pages and the card dialog; fields of a procedure are in `fields/`. */
export const TextField = ({
  label,
  value,
  onChange,
  hint,
  problem,
  secret = false,
  digits = false,
  autoFocus = false,
  autoComplete = 'off',
}: Props) => {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  // After a dialog that led here has let go of the page: until then nothing outside it takes the focus.
  useEffect(() => {
    if (autoFocus) input.current?.focus()
  }, [autoFocus])
  const described = [hint === undefined ? null : `${id}-hint`, problem === undefined ? null : `${id}-problem`]
    .filter((each) => each !== null)
    .join(' ')
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint === undefined ? null : (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {problem === undefined ? null : (
        <span className="problem" id={`${id}-problem`}>
          <span aria-hidden="true">! </span>
          {problem}
        </span>
      )}
      <input
        ref={input}
        id={id}
        className={`control${digits ? ' digits' : ''}`}
        type={secret ? 'password' : 'text'}
        inputMode={secret ? 'numeric' : 'text'}
        autoComplete={autoComplete}
        spellCheck={false}
        value={value}
        aria-invalid={problem !== undefined}
        {...(described === '' ? {} : { 'aria-describedby': described })}
        onChange={(event: ChangeEvent<HTMLInputElement>) => onChange(event.target.value)}
      />
    </div>
  )
}
