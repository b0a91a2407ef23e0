/** What can be done at a field, the same functions at every drawing, so that a field is drawn again only for a reason of its own. */
import type { FieldProps } from '../fields/field-frame.tsx'
import type { Typed } from './letters.ts'
import type { WizardEvent } from './machine/wizard-machine.ts'

type FieldActs = Pick<FieldProps, 'onType' | 'onAnswer' | 'onKeep' | 'onUnlock'>

export const fieldActs = (send: (event: WizardEvent) => void, type: (typed: Typed) => void): ((fieldId: string) => FieldActs) => {
  const made = new Map<string, FieldActs>()
  const onKeep: FieldActs['onKeep'] = (rule) => send({ type: 'KEEP_ANYWAY', rule })
  return (fieldId) => {
    const known = made.get(fieldId)
    if (known !== undefined) return known
    const acts: FieldActs = {
      onType: (raw, unit) => type({ type: 'ANSWER', fieldId, raw, ...(unit === undefined ? {} : { unit }) }),
      onAnswer: (raw, chosen) => send({ type: 'ANSWER', fieldId, raw, ...chosen }),
      onKeep,
      onUnlock: () => send({ type: 'UNLOCK', fieldId }),
    }
    made.set(fieldId, acts)
    return acts
  }
}
