/**
 * Draft → sealed packet → outbox, and back again while nothing was sent.
 * Invariant: ONE transaction deletes the draft and writes the outbox entry. Before it the draft is whole, after it the packet is;
 * sealing and signing happen before, and a crash there leaves the draft as it was.
 */
import { type Answers, type ConfirmedWarning, type Consent, Dossier } from '../../contracts/dossier.ts'
import { Packet, type PacketHeader } from '../../contracts/packet.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import type { StationApi } from '../../contracts/station-api.ts'
import { defaultChunkSize } from '../packet/attachment-codec.ts'
import { fromUtf8, toUtf8 } from '../packet/base64url.ts'
import { encapsulate, openPayload, sealPacket } from '../packet/packet-codec.ts'
import { deleteAttachments, factsOf } from './attachments.ts'
import type { OutboxRow, TramDatabase } from './database.ts'
import { dataKeyPurpose, type OpenDraft, openDraft, sealDraft, summaryOf } from './draft-row.ts'
import type { Drafts } from './drafts.ts'
import { createEnrolment } from './enrolment.ts'
import type { Operators } from './operators.ts'
import { canTakeBack, hasLaterEvent } from './outbox-row.ts'
import { counterKey } from './outbox-store.ts'
import { entryLabelPurpose, toEntry } from './outbox-view.ts'
import { openBox, sealBox } from './sealed-box.ts'
import { makeSlipCode } from './slip-code.ts'
import { guarded } from './store-faults.ts'
import type {
  DraftSummary,
  FinishFault,
  FinishRequest,
  Locked,
  NotFound,
  OutboxEntry,
  StoreFault,
  Unreadable,
} from './vault-api.ts'

/** Another window can take a counter while this one signs, and the station remembers counters of a store that was lost. Gaps are fine. */
const counterTries = 8

class Undone extends Error {
  readonly why: 'not-found' | 'overtaken'
  constructor(why: Undone['why']) {
    super(why)
    this.why = why
  }
}

const payloadOf = (
  request: FinishRequest,
  draft: OpenDraft,
  rest: Pick<Dossier, 'attachments' | 'slipCode' | 'training' | 'finishedAt'>,
): Result<Dossier, { type: 'dossier-invalid'; detail: string }> => {
  const { row, session } = draft
  const dossier = Dossier.safeParse({
    dossierId: row.draftId,
    procedureCode: row.procedureCode,
    procedureVersion: row.procedureVersion,
    answers: request.answers,
    consents: request.consents,
    ...(request.confirmedWarnings === undefined ? {} : { confirmedWarnings: request.confirmedWarnings }),
    helper: { operatorId: session.operator.operatorId, name: session.operator.name },
    ...rest,
  } satisfies { [K in keyof Dossier]: unknown })
  // The path names a field, never its value.
  return dossier.success
    ? ok(dossier.data)
    : err({ type: 'dossier-invalid', detail: dossier.error.issues[0]?.path.join('.') ?? '' })
}

/** WizardDraft of contracts/draft.ts, opened at its review. */
const draftContentOf = (dossier: Dossier) => ({
  procedureCode: dossier.procedureCode,
  procedureVersion: dossier.procedureVersion,
  answers: dossier.answers satisfies Answers,
  attachments: dossier.attachments,
  consents: dossier.consents satisfies Consent[],
  confirmedWarnings: (dossier.confirmedWarnings ?? []) satisfies ConfirmedWarning[],
  place: 'review',
  visited: [],
  checked: [],
  returnToReview: false,
})

export const createFinish = (
  database: TramDatabase,
  station: StationApi,
  operators: Operators,
  inOrder: Drafts['inOrder'],
  now: () => number,
) => {
  const instant = () => new Date(now()).toISOString()
  const enrolment = createEnrolment(station, now)

  /**
   * Asked and written side by side, for each question alone is a way to the browser's store and back; what the answers forbid is
   * undone with the transaction.
   */
  const writeFinished = ({ entry, packet, counterKey: key }: { entry: OutboxRow; packet: Packet; counterKey: string }) => {
    const { packetId, dossierId, counter, attachments } = entry
    const tables = [database.meta, database.drafts, database.attachments, database.chunks, database.outbox, database.packets]
    return guarded(async (): Promise<'written' | Undone['why']> => {
      try {
        await database.transaction('rw', tables, async () => {
          const [draft, last, present] = await Promise.all([
            database.drafts.get(dossierId),
            database.meta.get(key),
            database.attachments.where('dossierId').equals(dossierId).primaryKeys(),
            database.meta.put({ key, value: counter }),
            database.drafts.delete(dossierId),
            // Its slip code and its counter are unique: one that is taken undoes all of this.
            database.outbox.add(entry),
            database.packets.add({ packetId, packet }),
          ])
          if (draft === undefined) throw new Undone('not-found')
          if (Number(last?.value ?? 0) >= counter) throw new Undone('overtaken')
          // A paper added or taken out while this sealed: seal again with what is there now.
          if (!attachments.every(({ attachmentId }) => present.includes(attachmentId))) throw new Undone('overtaken')
          const isLeftOut = (id: string) => !attachments.some(({ attachmentId }) => attachmentId === id)
          if (present.some(isLeftOut)) await deleteAttachments(database, dossierId, isLeftOut)
        })
        return 'written'
      } catch (thrown) {
        if (thrown instanceof Undone) return thrown.why
        if (thrown instanceof Error && thrown.name === 'ConstraintError') return 'overtaken'
        throw thrown
      }
    })
  }

  /** `floor`: a counter which is known to be taken. */
  const finishOnce = async (
    request: FinishRequest,
    floor: number,
  ): Promise<Result<OutboxEntry | { takenCounter: number }, FinishFault>> => {
    const session = operators.session()
    if (session === undefined) return err({ type: 'locked' })
    const enrolled = await enrolment()
    if (!enrolled.ok) return enrolled
    const { stationId, demo, keys } = enrolled.value
    const [read, encapsulation] = await Promise.all([
      guarded(() =>
        database.transaction('r', database.drafts, database.meta, database.attachments, async () => {
          const [draft, last, rows] = await Promise.all([
            database.drafts.get(request.draftId),
            database.meta.get(counterKey(stationId)),
            database.attachments.where('dossierId').equals(request.draftId).toArray(),
          ])
          return { draft, last: Number(last?.value ?? 0), rows }
        }),
      ),
      encapsulate(keys.sealing),
    ])
    if (!read.ok) return read
    const draft = await openDraft(session, read.value.draft)
    if (!draft.ok) return draft
    if (!encapsulation.ok) return encapsulation
    const { row, dataKey, key } = draft.value
    const all = await factsOf(key, read.value.rows)
    if (!all.ok) return all
    const wanted = new Set(request.attachmentIds ?? all.value.map((facts) => facts.attachmentId))
    const facts = all.value.filter(({ attachmentId }) => wanted.delete(attachmentId))
    if (wanted.size > 0) return err({ type: 'dossier-invalid', detail: 'attachments' })

    const attachments = read.value.rows
      .filter(({ attachmentId }) => facts.some((each) => each.attachmentId === attachmentId))
      .map(({ attachmentId, sealedSize, sealedSha256 }) => ({ attachmentId, sealedSize, sealedSha256 }))

    const counter = Math.max(read.value.last, floor) + 1
    const queuedAt = instant()
    const training = row.training || demo
    const slipCode = makeSlipCode()
    const dossier = payloadOf(request, draft.value, { attachments: facts, slipCode, training, finishedAt: queuedAt })
    if (!dossier.ok) return dossier
    const header: PacketHeader = {
      format: 'tram-packet-1',
      packetId: crypto.randomUUID(),
      stationId,
      counter,
      kind: 'submit',
      procedureCode: row.procedureCode,
      procedureVersion: row.procedureVersion,
      training,
      gatewayKeyId: keys.sealing.keyId,
      chunkSize: read.value.rows[0]?.chunkSize ?? defaultChunkSize,
      attachments,
      sealedAt: queuedAt,
    }
    const [sealed, wrappedKey, label] = await Promise.all([
      sealPacket({ header, payload: toUtf8(JSON.stringify(dossier.value)), dataKey, recipient: encapsulation.value }),
      sealBox(session.key, dataKeyPurpose(row.draftId), dataKey),
      sealBox(session.key, entryLabelPurpose(header.packetId), toUtf8(request.label)),
    ])
    dataKey.fill(0)
    if (!sealed.ok) return sealed
    const answer = await station.call('signPacket', { digest: sealed.value.digest, counter })
    if (!answer.ok) return answer
    const signed = answer.value
    if (!signed.ok) return ok({ takenCounter: signed.error.lastCounter })
    const packet = Packet.safeParse({ ...sealed.value.packet, signature: signed.value.signature })
    if (!packet.success) return err({ type: 'too-large' })

    const { packetId } = header
    const entry: OutboxRow = {
      packetId,
      dossierId: row.draftId,
      stationId,
      counter,
      packetDigest: sealed.value.digest,
      slipCode,
      procedureCode: row.procedureCode,
      procedureVersion: row.procedureVersion,
      training,
      operatorId: session.operator.operatorId,
      queuedAt,
      progress: { state: { name: 'queued' }, attempt: 0, reuploads: 0 },
      open: 1,
      sentOnce: false,
      attachments,
      bytesSent: {},
      label,
      wrappedKey,
    }
    const written = await writeFinished({ entry, packet: packet.data, counterKey: counterKey(stationId) })
    if (!written.ok) return written
    if (written.value === 'not-found') return err({ type: 'not-found' })
    return ok(written.value === 'overtaken' ? { takenCounter: counter } : toEntry(entry, request.label))
  }

  const finish = (request: FinishRequest): Promise<Result<OutboxEntry, FinishFault>> =>
    inOrder(request.draftId, async () => {
      let floor = 0
      for (let tries = 0; tries < counterTries; tries += 1) {
        const finished = await finishOnce(request, floor)
        if (!finished.ok) return finished
        if (!('takenCounter' in finished.value)) return ok(finished.value)
        floor = finished.value.takenCounter
      }
      return err({ type: 'store-broken', detail: 'counter taken again and again' })
    })

  const takeBack = async (
    packetId: string,
  ): Promise<Result<DraftSummary, StoreFault | Locked | NotFound | Unreadable | { type: 'too-late' }>> => {
    const session = operators.session()
    if (session === undefined) return err({ type: 'locked' })
    const read = await guarded(() =>
      database.transaction('r', database.outbox, database.packets, async () => ({
        row: await database.outbox.get(packetId),
        packet: (await database.packets.get(packetId))?.packet,
      })),
    )
    if (!read.ok) return read
    const { row, packet } = read.value
    if (row === undefined) return err({ type: 'not-found' })
    if (!canTakeBack(row) || row.wrappedKey === undefined || packet === undefined) return err({ type: 'too-late' })
    const dataKey = await openBox(session.key, dataKeyPurpose(row.dossierId), row.wrappedKey)
    const payload = dataKey && (await openPayload(packet, dataKey))
    const label = await openBox(session.key, entryLabelPurpose(packetId), row.label)
    if (dataKey === undefined || !payload?.ok || label === undefined) return err({ type: 'unreadable' })
    const dossier = Dossier.safeParse(JSON.parse(fromUtf8(payload.value)))
    if (!dossier.success) return err({ type: 'unreadable' })
    const at = instant()
    const draft = await sealDraft(session, {
      draftId: row.dossierId,
      procedureCode: row.procedureCode,
      procedureVersion: row.procedureVersion,
      content: draftContentOf(dossier.data),
      label: fromUtf8(label),
      training: row.training,
      dataKey,
      createdAt: row.queuedAt,
      savedAt: at,
    })
    dataKey.fill(0)
    const moved = await guarded(() =>
      database.transaction('rw', database.drafts, database.outbox, database.packets, async () => {
        const current = await database.outbox.get(packetId)
        if (current === undefined || !canTakeBack(current)) return false
        if (hasLaterEvent(current, await database.outbox.where('open').equals(1).toArray())) return false
        await database.outbox.delete(packetId)
        await database.packets.delete(packetId)
        await database.drafts.add(draft)
        return true
      }),
    )
    if (!moved.ok) return moved
    return moved.value ? ok(summaryOf(draft, fromUtf8(label))) : err({ type: 'too-late' })
  }

  return { finish, takeBack }
}
