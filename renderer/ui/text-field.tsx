import type { ChangeEvent } from 'react'
import { useId } from 'react'

type Props = {
  label: string
  value: string
  onChange: (value: string) => void
  hint?: string
  problem?: string | undefined
  secret?: boolean
  digits?: boolean
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
        id={id}
        className={`control${digits ? ' digits' : ''}`}
        type={secret ? 'password' : 'text'}
        inputMode={secret ? 'numeric' : 'text'}
        autoComplete={autoComplete}
        spellCheck={false}
        // biome-ignore lint/a11y/noAutofocus: the page has this one thing to do, and its heading labels it
        autoFocus={autoFocus}
        value={value}
        aria-invalid={problem !== undefined}
        {...(described === '' ? {} : { 'aria-describedby': described })}
        onChange={(event: ChangeEvent<HTMLInputElement>) => onChange(event.target.value)}
      />
    </div>
  )
}
