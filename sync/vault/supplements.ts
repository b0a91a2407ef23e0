/**
 * A dossier comes back for a supplement: as a draft of its own, with what the agency wrote and just the answers which that needs. The earlier
 * submission stays as it was; the finished draft is the dossier's next event.
 *
 * Invariants
 * - What comes from the gateway is opened in memory, by a key that lives no longer, and lies on disk only under the draft's data key.
 * - A request has one draft on this machine or one answer on its way, whoever opened it.
 */
import type { Answers } from '../../contracts/dossier.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import type { StationApi } from '../../contracts/station-api.ts'
import type { SupplementBasis } from '../../contracts/supplement.ts'
import { fromUtf8 } from '../packet/base64url.ts'
import { makeOpeningKey, openSupplement as openSealed } from '../packet/supplement-seal.ts'
import type { DraftRow, TramDatabase } from './database.ts'
import { contentPurpose, openSupplementState, sealDraft, summaryOf, supplementPurpose, unlockDraft } from './draft-row.ts'
import type { Drafts } from './drafts.ts'
import { eventsOf, isWithdrawn } from './finish.ts'
import { mergeAnswers } from './merge-answers.ts'
import type { Operators, Session } from './operators.ts'
import { entryLabelPurpose } from './outbox-view.ts'
import { openBox, openJson, sealJson } from './sealed-box.ts'
import { guarded } from './store-faults.ts'
import type {
  DraftSummary,
  FetchSupplement,
  FieldConflict,
  FinishFault,
  OpenSupplementFault,
  OutboxEntry,
  SupplementState,
} from './vault-api.ts'

export const createSupplements = (
  database: TramDatabase,
  station: StationApi,
  operators: Operators,
  parts: Pick<Drafts, 'inOrder'> & { finish: (request: FinishRequestOf) => Promise<Result<OutboxEntry, FinishFault>> },
  now: () => number,
) => {
  const instant = () => new Date(now()).toISOString()

  /** Asks the gateway, opens the answer, forgets the key. */
  const fetchBasis = async (
    session: Session,
    requestId: string,
    fetch: FetchSupplement,
  ): Promise<Result<SupplementBasis, OpenSupplementFault>> => {
    const described = await station.call('describe', {})
    if (!described.ok) return described
    const { enrolment } = described.value
    if (enrolment === null) return err({ type: 'not-enrolled' })
    const { operatorId } = session.operator
    const { publicKey: recipient, privateKey } = await makeOpeningKey()
    const names = { stationId: enrolment.stationId, requestId, operatorId, recipient }
    const signed = await station.call('signSupplementOpening', { requestId, operatorId, recipient })
    if (!signed.ok) return signed
    if (!signed.value.ok) return signed.value
    const answer = await fetch(requestId, { operatorId, recipient, signature: signed.value.value.signature })
    if (!answer.ok) return err({ type: 'gateway-answered', failure: answer.error })
    const basis = await openSealed(names, privateKey, answer.value.sealed)
    return basis === undefined ? err({ type: 'unreadable' }) : ok(basis)
  }

  const draftOf = (requestId: string) =>
    guarded(() => database.drafts.filter(({ about }) => about?.kind === 'supplement' && about.requestId === requestId).first())

  /** An answer or a withdrawal is on its way, or there and not yet told by the feed. */
  const whyNot = async (dossierId: string, requestId: string): Promise<OpenSupplementFault | undefined> => {
    const events = await eventsOf(database, dossierId)
    if (isWithdrawn(events)) return { type: 'withdrawn' }
    return events.some(({ about }) => about?.requestId === requestId) ? { type: 'answered-before' } : undefined
  }

  const openSupplement = async (request: {
    packetId: string
    fetch: FetchSupplement
  }): Promise<Result<DraftSummary, OpenSupplementFault>> => {
    const session = operators.session()
    if (session === undefined) return err({ type: 'locked' })
    const submit = await guarded(() => database.outbox.get(request.packetId))
    if (!submit.ok) return submit
    const notice = submit.value?.supplement
    if (submit.value === undefined || notice === undefined) return err({ type: 'not-found' })
    if (notice.state !== 'open') return err({ type: 'answered-before' })
    const { requestId } = notice
    const { dossierId } = submit.value
    const refusal = await guarded(() => whyNot(dossierId, requestId))
    if (!refusal.ok) return refusal
    if (refusal.value !== undefined) return err(refusal.value)
    const before = await draftOf(requestId)
    if (!before.ok) return before
    if (before.value !== undefined) {
      const owner = before.value.operatorId
      if (owner !== session.operator.operatorId) return err({ type: 'opened-by', operatorId: owner })
      const draft = await unlockDraft(database, operators, before.value.draftId)
      if (!draft.ok) return draft
      draft.value.dataKey.fill(0)
      return ok(summaryOf(draft.value.row, submit.value.slipCode))
    }
    const basis = await fetchBasis(session, requestId, request.fetch)
    if (!basis.ok) return basis
    const label = await openBox(session.key, entryLabelPurpose(request.packetId), submit.value.label)
    const words = label === undefined ? submit.value.slipCode : fromUtf8(label)
    const draftId = crypto.randomUUID()
    const at = instant()
    const state: SupplementState = { basis: basis.value, taken: [], conflicts: [] }
    const about: DraftRow['about'] = {
      kind: 'supplement',
      dossierId: basis.value.request.dossierId,
      packetId: request.packetId,
      requestId,
      slipCode: submit.value.slipCode,
      sequence: basis.value.event.sequence,
      ...(basis.value.event.previous === undefined ? {} : { previous: basis.value.event.previous }),
    }
    const row = await sealDraft(session, {
      draftId,
      procedureCode: basis.value.procedureCode,
      procedureVersion: basis.value.procedureVersion,
      content: draftContent(basis.value, basis.value.answers),
      label: words,
      training: basis.value.training,
      dataKey: crypto.getRandomValues(new Uint8Array(32)),
      createdAt: at,
      savedAt: at,
      about,
      supplement: state,
    })
    const written = await guarded(() =>
      database.transaction('rw', database.drafts, database.outbox, async () => {
        const other = await database.drafts.filter((one) => one.about?.requestId === requestId).first()
        if (other !== undefined) return ok(other)
        // Another window opened and finished it while this one asked the gateway.
        const refusal = await whyNot(dossierId, requestId)
        if (refusal !== undefined) return err(refusal)
        await database.drafts.add(row)
        return ok(row)
      }),
    )
    if (!written.ok) return written
    if (!written.value.ok) return written.value
    const draft = written.value.value
    if (draft.operatorId !== session.operator.operatorId) return err({ type: 'opened-by', operatorId: draft.operatorId })
    return ok(summaryOf(draft, words))
  }

  type Content = { answers: Answers }
  const isContent = (value: unknown): value is Content => typeof value === 'object' && value !== null && 'answers' in value

  /** Runs in the draft's order of saves; what it gives back is written. */
  const changeState = (
    draftId: string,
    work: (
      session: Session,
      state: SupplementState,
      content: Content,
    ) => Promise<Result<{ state: SupplementState; content: Content }, OpenSupplementFault>>,
  ) =>
    parts.inOrder(draftId, async (): Promise<Result<SupplementState, OpenSupplementFault>> => {
      const draft = await unlockDraft(database, operators, draftId)
      if (!draft.ok) return draft
      const { row, key, session, dataKey } = draft.value
      dataKey.fill(0)
      const state = await openSupplementState(key, draftId, row.supplement)
      const content = await openJson(key, contentPurpose(draftId), row.content)
      if (state === undefined || !isContent(content?.value)) return err({ type: 'not-found' })
      const next = await work(session, state, content.value)
      if (!next.ok) return next
      const [sealedState, sealedContent] = await Promise.all([
        sealJson(key, supplementPurpose(draftId), next.value.state),
        sealJson(key, contentPurpose(draftId), next.value.content),
      ])
      const { sequence, previous } = next.value.state.basis.event
      const written = await guarded(() =>
        database.drafts.update(draftId, {
          supplement: sealedState,
          content: sealedContent,
          savedAt: instant(),
          ...(row.about === undefined
            ? {}
            : { about: { ...row.about, sequence, ...(previous === undefined ? {} : { previous }) } }),
        }),
      )
      if (!written.ok) return written
      return written.value === 0 ? err({ type: 'not-found' }) : ok(next.value.state)
    })

  return {
    openSupplement,
    renewSupplement: ({ draftId, fetch }: { draftId: string; fetch: FetchSupplement }) =>
      changeState(draftId, async (session, state, content) => {
        const fresh = await fetchBasis(session, state.basis.request.requestId, fetch)
        if (!fresh.ok) return fresh
        const { answers, taken, conflicts } = mergeAnswers(state.basis.answers, content.answers, fresh.value.answers)
        return ok({
          state: { basis: fresh.value, taken: [...state.taken, ...taken], conflicts: keepOpen(state.conflicts, conflicts) },
          content: { ...content, answers },
        })
      }),
    settleConflict: ({ draftId, field, keep }: { draftId: string; field: string; keep: 'mine' | 'theirs' }) =>
      changeState(draftId, async (_session, state, content) => {
        const conflict = state.conflicts.find((one) => one.field === field)
        if (conflict === undefined) return err({ type: 'not-found' })
        const answers = { ...content.answers }
        const theirs = state.basis.answers[field]
        if (keep === 'theirs' && theirs === undefined) delete answers[field]
        if (keep === 'theirs' && theirs !== undefined) answers[field] = theirs
        return ok({
          state: { ...state, conflicts: state.conflicts.filter((one) => one !== conflict) },
          content: { ...content, answers },
        })
      }),
    /** Rút hồ sơ: the dossier's next event, queued at once. */
    withdraw: async ({ packetId, reason }: { packetId: string; reason: string }): Promise<Result<OutboxEntry, FinishFault>> => {
      const session = operators.session()
      if (session === undefined) return err({ type: 'locked' })
      const submit = await guarded(() => database.outbox.get(packetId))
      if (!submit.ok) return submit
      if (submit.value?.receipt === undefined || submit.value.about !== undefined) return err({ type: 'not-found' })
      const { procedureCode, procedureVersion, training, slipCode } = submit.value
      const label = await openBox(session.key, entryLabelPurpose(packetId), submit.value.label)
      const words = label === undefined ? slipCode : fromUtf8(label)
      const at = instant()
      const row = await sealDraft(session, {
        draftId: crypto.randomUUID(),
        procedureCode,
        procedureVersion,
        content: { reason },
        label: words,
        training,
        dataKey: crypto.getRandomValues(new Uint8Array(32)),
        createdAt: at,
        savedAt: at,
        about: { kind: 'withdraw', dossierId: submit.value.dossierId, packetId, sequence: 2, slipCode },
      })
      const written = await guarded(() => database.drafts.add(row))
      if (!written.ok) return written
      const finished = await parts.finish({ draftId: row.draftId, answers: {}, consents: [], label: words, reason })
      // Nothing was said yet: the person asks again.
      if (!finished.ok) await guarded(() => database.drafts.delete(row.draftId))
      return finished
    },
  }
}

type FinishRequestOf = { draftId: string; answers: Answers; consents: []; label: string; reason: string }

/** An earlier question stays open with the newer words, unless both sides say the same by now. */
const keepOpen = (before: FieldConflict[], now: FieldConflict[]): FieldConflict[] => [
  ...before.filter(({ field }) => now.every((one) => one.field !== field)),
  ...now,
]

/** WizardDraft of contracts/draft.ts. */
const draftContent = (basis: SupplementBasis, answers: Answers) => ({
  procedureCode: basis.procedureCode,
  procedureVersion: basis.procedureVersion,
  answers,
  attachments: [],
  consents: [],
  confirmedWarnings: [],
  place: 'review',
  visited: [],
  checked: [],
  returnToReview: false,
})
