/** A draft as it begins, and the words by which its operator finds it again. */
import type { Answers } from '../../contracts/dossier.ts'
import type { WizardDraft } from '../../contracts/draft.ts'
import type { Procedure } from '../../contracts/procedure.ts'
import type { NewDraft } from '../../sync/vault/vault-api.ts'

export const newDraft = (procedure: Procedure, training: boolean): NewDraft => {
  const content: WizardDraft = {
    procedureCode: procedure.code,
    procedureVersion: procedure.version,
    answers: {},
    attachments: [],
    consents: [],
    confirmedWarnings: [],
    place: procedure.steps[0]?.id ?? 'review',
    visited: [],
    checked: [],
    returnToReview: false,
  }
  return { procedureCode: procedure.code, procedureVersion: procedure.version, content, label: '', training }
}

/** The first name the form asks for: who stands at the counter. */
export const nameIn = (procedure: Procedure, answers: Answers): string => {
  for (const step of procedure.steps) {
    for (const field of step.fields) {
      const value = field.type === 'name' ? (answers[field.id]?.value ?? '').trim() : ''
      if (value !== '') return value
    }
  }
  return ''
}
