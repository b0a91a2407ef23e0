import type { ReactNode } from 'react'
import { Button as AriaButton } from 'react-aria-components'

type Props = {
  children: ReactNode
  /** The key that does the same, printed on the button. */
  hint?: string
  kind?: 'primary' | 'plain' | 'quiet'
  small?: boolean
  type?: 'button' | 'submit'
  onPress?: () => void
  testId?: string
  autoFocus?: boolean
  disabled?: boolean
}

export const Button = ({
  children,
  hint,
  kind = 'plain',
  small = false,
  type = 'button',
  onPress,
  testId,
  autoFocus = false,
  disabled = false,
}: Props) => (
  <AriaButton
    className={`button ${kind}${small ? ' small' : ''}`}
    type={type}
    autoFocus={autoFocus}
    isDisabled={disabled}
    {...(onPress === undefined ? {} : { onPress: () => onPress() })}
    {...(testId === undefined ? {} : { 'data-testid': testId })}
  >
    <span>{children}</span>
    {hint === undefined ? null : (
      <span className="key" aria-hidden="true">
        {hint}
      </span>
    )}
  </AriaButton>
)
