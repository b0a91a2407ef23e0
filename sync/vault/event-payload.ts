/**
 * What a finished draft says to the gateway: the dossier as it is handed in, what a supplement changes, or that it is withdrawn. And the
 * way back: the draft which such a packet was made from.
 * Invariant: a supplement says only what differs from what its clerk was shown, and names what that was.
 */
import type { z } from 'zod'
import { type Answers, type AttachmentFacts, type ConfirmedWarning, type Consent, Dossier } from '../../contracts/dossier.ts'
import { Supplement, Withdrawal } from '../../contracts/dossier-events.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import type { DraftAbout } from './database.ts'
import type { FinishRequest, SupplementState } from './vault-api.ts'

type EventFields = Pick<
  Dossier,
  'procedureCode' | 'procedureVersion' | 'helper' | 'slipCode' | 'training' | 'finishedAt' | 'attachments'
> & { draftId: string }

type Payload = Dossier | Supplement | Withdrawal

const parsed = <S extends z.ZodType<Payload>>(
  schema: S,
  value: unknown,
): Result<Payload, { type: 'dossier-invalid'; detail: string }> => {
  const payload = schema.safeParse(value)
  // The path names a field, never its value.
  return payload.success
    ? ok(payload.data)
    : err({ type: 'dossier-invalid', detail: payload.error.issues[0]?.path.join('.') ?? '' })
}

/** Answers which differ from those that were shown; an empty value for one that is gone. */
const changedAnswers = (answers: Answers, shown: Answers): Answers => {
  const changed: Answers = {}
  for (const [key, answer] of Object.entries(answers)) if (shown[key]?.value !== answer.value) changed[key] = answer
  for (const [key, answer] of Object.entries(shown)) if (answers[key] === undefined) changed[key] = { ...answer, value: '' }
  return changed
}

export const payloadOf = (
  request: FinishRequest,
  { draftId, ...rest }: EventFields,
  about: DraftAbout | undefined,
  supplement: SupplementState | undefined,
): Result<Payload, { type: 'dossier-invalid'; detail: string }> => {
  if (about === undefined) {
    const { answers, consents, confirmedWarnings, knownDouble } = request
    const given = {
      ...(confirmedWarnings === undefined ? {} : { confirmedWarnings }),
      ...(knownDouble === undefined ? {} : { knownDouble }),
    }
    return parsed(Dossier, { ...rest, dossierId: draftId, answers, consents, ...given })
  }
  const { dossierId } = about
  if (about.kind === 'withdraw') return parsed(Withdrawal, { ...rest, dossierId, reason: request.reason ?? '' })
  const shown = supplement?.basis.answers ?? {}
  const answers = changedAnswers(request.answers, shown)
  const seen: Supplement['seen'] = {}
  for (const key of Object.keys(answers)) {
    const before = shown[key]?.value
    if (before !== undefined) seen[key] = before
  }
  return parsed(Supplement, { ...rest, dossierId, requestId: about.requestId, answers, seen })
}

export type TakenBack = {
  answers: Answers
  attachments: AttachmentFacts[]
  consents: Consent[]
  confirmedWarnings: ConfirmedWarning[]
}

/** What was answered, opened from the packet's payload; undefined when it is not what its header calls it. */
export const answersIn = (
  kind: 'submit' | 'supplement',
  payload: unknown,
  supplement: SupplementState | undefined,
): TakenBack | undefined => {
  const nothing = { consents: [], confirmedWarnings: [] }
  if (kind === 'submit') {
    const dossier = Dossier.safeParse(payload)
    if (!dossier.success) return undefined
    const { answers, attachments, consents, confirmedWarnings } = dossier.data
    return { answers, attachments, consents, confirmedWarnings: confirmedWarnings ?? [] }
  }
  const event = Supplement.safeParse(payload)
  if (!event.success) return undefined
  const merged = Object.entries({ ...supplement?.basis.answers, ...event.data.answers }).filter(([, { value }]) => value !== '')
  return { ...nothing, answers: Object.fromEntries(merged), attachments: event.data.attachments }
}
