/** What opens a draft: its data key, under the key of the operator who made it. And the shape a draft has on disk. */
import { err, ok, type Result } from '../../contracts/result.ts'
import { SupplementBasis } from '../../contracts/supplement.ts'
import { type Bytes, type SubtleKey, toUtf8 } from '../packet/base64url.ts'
import { unwrapKey } from '../packet/key-wrap.ts'
import type { DraftAbout, DraftRow, TramDatabase } from './database.ts'
import type { Operators, Session } from './operators.ts'
import { importBoxKey, openBox, openJson, sealBox, sealJson } from './sealed-box.ts'
import { guarded } from './store-faults.ts'
import type { DraftSummary, Locked, NewDraft, NotFound, StoreFault, SupplementState, Unreadable } from './vault-api.ts'

export const dataKeyPurpose = (dossierId: string) => `tram data key ${dossierId}`
export const labelPurpose = (draftId: string) => `tram draft label ${draftId}`
export const contentPurpose = (draftId: string) => `tram draft content ${draftId}`

export const supplementPurpose = (draftId: string) => `tram supplement ${draftId}`

export const handedPurpose = (draftId: string) => `tram handed draft ${draftId}`

/** A draft's data key, for the one it belongs to. */
export const openDataKey = (
  session: Session,
  row: Pick<DraftRow, 'draftId' | 'wrappedKey' | 'handed'>,
): Promise<Bytes | undefined> => {
  if (row.handed !== true) return openBox(session.key, dataKeyPurpose(row.draftId), row.wrappedKey)
  if (session.privateKey === undefined) return Promise.resolve(undefined)
  return unwrapKey(session.privateKey, handedPurpose(row.draftId), row.wrappedKey)
}

export type OpenDraft = { row: DraftRow; dataKey: Bytes; key: SubtleKey; session: Session }

/** The draft's row and its data key, for the operator who is signed in. */
export const unlockDraft = async (
  database: TramDatabase,
  operators: Operators,
  draftId: string,
): Promise<Result<OpenDraft, StoreFault | Locked | NotFound | Unreadable>> => {
  const session = operators.session()
  if (session === undefined) return err({ type: 'locked' })
  const row = await guarded(() => database.drafts.get(draftId))
  return row.ok ? await openDraft(session, row.value) : row
}

export const openDraft = async (
  session: Session,
  row: DraftRow | undefined,
): Promise<Result<OpenDraft, NotFound | Unreadable>> => {
  if (row === undefined) return err({ type: 'not-found' })
  const dataKey = await openDataKey(session, row)
  if (dataKey === undefined) return err({ type: 'unreadable' })
  return ok({ row, dataKey, key: await importBoxKey(dataKey), session })
}

/** A draft's row with everything in it encrypted, under a data key given or new. */
export const sealDraft = async (
  session: Session,
  draft: NewDraft & {
    draftId: string
    dataKey: Bytes
    createdAt: string
    savedAt: string
    about?: DraftAbout | undefined
    supplement?: SupplementState | undefined
  },
): Promise<DraftRow> => {
  const key = await importBoxKey(draft.dataKey)
  return {
    draftId: draft.draftId,
    operatorId: session.operator.operatorId,
    procedureCode: draft.procedureCode,
    procedureVersion: draft.procedureVersion,
    training: draft.training,
    createdAt: draft.createdAt,
    savedAt: draft.savedAt,
    wrappedKey: await sealBox(session.key, dataKeyPurpose(draft.draftId), draft.dataKey),
    label: await sealBox(key, labelPurpose(draft.draftId), toUtf8(draft.label)),
    content: await sealJson(key, contentPurpose(draft.draftId), draft.content),
    ...(draft.about === undefined ? {} : { about: draft.about }),
    ...(draft.supplement === undefined
      ? {}
      : { supplement: await sealJson(key, supplementPurpose(draft.draftId), draft.supplement) }),
  }
}

export const summaryOf = (row: DraftRow, label: string): DraftSummary => ({
  draftId: row.draftId,
  procedureCode: row.procedureCode,
  procedureVersion: row.procedureVersion,
  label,
  training: row.training,
  createdAt: row.createdAt,
  savedAt: row.savedAt,
  ...(row.about === undefined ? {} : { about: { kind: row.about.kind, packetId: row.about.packetId } }),
  ...(row.aging?.hoursLeft === undefined ? {} : { hoursLeft: row.aging.hoursLeft }),
})

/** Undefined when there is none, or it does not open. */
export const openSupplementState = async (
  key: SubtleKey,
  draftId: string,
  box: Bytes | undefined,
): Promise<SupplementState | undefined> => {
  const opened = box && (await openJson(key, supplementPurpose(draftId), box))
  if (opened === undefined) return undefined
  const state = opened.value as SupplementState
  const basis = SupplementBasis.safeParse(state.basis)
  return basis.success ? { ...state, basis: basis.data } : undefined
}
