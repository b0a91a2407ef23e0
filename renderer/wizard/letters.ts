/**
 * Letters between the control they stand in and the wizard. A letter's own frame comes first; the wizard hears the newest text of the field
 * after it (`followTyping`). Invariants: whatever else is said to the wizard, or asked of it, comes after the letters typed before; of several texts of one
 * field that wait, the newest alone is said.
 */
import type { Following } from '../ui/follow-typing.ts'
import type { WizardEvent } from './machine/wizard-machine.ts'

export type Typed = Extract<WizardEvent, { type: 'ANSWER' }>

export type Letters = {
  type(typed: Typed): void
  waiting(): boolean
  /** Hands on what waits, now. */
  settle(): void
}

type Options = {
  hand(typed: Typed): void
  /** Told of each letter, it runs the act where no letter waits for it. */
  following(act: () => void): Pick<Following, 'follow' | 'cancel'>
}

export const createLetters = ({ hand, following }: Options): Letters => {
  let waiting: Typed | null = null
  const settle = (): void => {
    if (waiting === null) return
    const typed = waiting
    waiting = null
    follower.cancel()
    hand(typed)
  }
  const follower = following(settle)
  return {
    type(typed) {
      if (waiting?.fieldId !== typed.fieldId) settle()
      waiting = typed
      follower.follow()
    },
    waiting: () => waiting !== null,
    settle,
  }
}
