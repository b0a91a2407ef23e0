/** An unfinished dossier as the wizard leaves it: what the vault encrypts and what a wizard starts again from. */
import { z } from 'zod'
import { Answers, AttachmentFacts, ConfirmedWarning, Consent } from './dossier.ts'

export const WizardDraft = z.object({
  procedureCode: z.string(),
  procedureVersion: z.string(),
  /** As typed: a value may still be incomplete or wrong. */
  answers: Answers,
  attachments: z.array(AttachmentFacts).max(20),
  consents: z.array(Consent),
  confirmedWarnings: z.array(ConfirmedWarning).max(50),
  /** Where the clerk was: a step of the procedure, `papers` or `review`. */
  place: z.string().min(1),
  /** Places seen so far, and those whose findings are shown. */
  visited: z.array(z.string()),
  checked: z.array(z.string()),
  returnToReview: z.boolean(),
})
export type WizardDraft = z.infer<typeof WizardDraft>
