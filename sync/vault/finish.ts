/**
 * Draft → sealed packet → outbox. The way back is take-back.ts.
 * Invariant: ONE transaction deletes the draft and writes the outbox entry. Before it the draft is whole, after it the packet is;
 * sealing and signing happen before, and a crash there leaves the draft as it was.
 */
import { Packet, type PacketHeader } from '../../contracts/packet.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import type { StationApi } from '../../contracts/station-api.ts'
import { defaultChunkSize } from '../packet/attachment-codec.ts'
import { toUtf8 } from '../packet/base64url.ts'
import { sealPacket } from '../packet/packet-codec.ts'
import { deleteAttachments, factsOf } from './attachments.ts'
import type { DraftAbout, OutboxRow, TramDatabase } from './database.ts'
import type { Doubles } from './doubles.ts'
import { dataKeyPurpose, openDraft, openSupplementState } from './draft-row.ts'
import type { Drafts } from './drafts.ts'
import { type DraftAsLeft, type DraftsInHand, isAsLeft } from './drafts-in-hand.ts'
import { createEncapsulations } from './encapsulations.ts'
import { createEnrolment } from './enrolment.ts'
import { payloadOf } from './event-payload.ts'
import type { Operators } from './operators.ts'
import { dossierOf, sequenceOf } from './outbox-row.ts'
import { counterKey } from './outbox-store.ts'
import { entryLabelPurpose, toEntry } from './outbox-view.ts'
import { sealBox } from './sealed-box.ts'
import { makeSlipCode } from './slip-code.ts'
import { guarded } from './store-faults.ts'
import type { FinishFault, FinishRequest, OutboxEntry } from './vault-api.ts'

/** Another window can take a counter while this one signs, and the station remembers counters of a store that was lost. Gaps are fine. */
const counterTries = 8

class Undone extends Error {
  readonly why: 'not-found' | 'overtaken'
  constructor(why: Undone['why']) {
    super(why)
    this.why = why
  }
}

/** All that this store knows of one dossier, sent or not. */
export const eventsOf = (database: TramDatabase, dossierId: string): Promise<OutboxRow[]> =>
  database.outbox
    .where('dossierId')
    .equals(dossierId)
    .or('about.dossierId')
    .equals(dossierId)
    .filter((row) => dossierOf(row) === dossierId)
    .toArray()

export const isWithdrawn = (events: readonly OutboxRow[]): boolean => events.some(({ about }) => about?.kind === 'withdraw')

/** After what the gateway had when it was asked, and after what this store has queued or sent since. */
const nextEvent = (about: DraftAbout, events: readonly OutboxRow[]): NonNullable<PacketHeader['event']> => {
  const { dossierId } = about
  const [last] = events.toSorted((a, b) => sequenceOf(b) - sequenceOf(a))
  const own = (last === undefined ? 1 : sequenceOf(last)) + 1
  if (last !== undefined && own >= about.sequence) return { dossierId, sequence: own, previous: last.packetId }
  return { dossierId, sequence: about.sequence, ...(about.previous === undefined ? {} : { previous: about.previous }) }
}

const aboutOf = (about: DraftAbout, sequence: number): NonNullable<OutboxRow['about']> => ({
  kind: about.kind,
  dossierId: about.dossierId,
  sequence,
  packetId: about.packetId,
  ...(about.requestId === undefined ? {} : { requestId: about.requestId }),
})

export const createFinish = (
  database: TramDatabase,
  station: StationApi,
  operators: Operators,
  parts: { inOrder: Drafts['inOrder']; inHand: DraftsInHand; hashOf: Doubles['hashOf'] },
  now: () => number,
) => {
  const { inOrder, inHand, hashOf } = parts
  const instant = () => new Date(now()).toISOString()
  const enrolment = createEnrolment(station, now)
  const encapsulations = createEncapsulations()
  /** This window's last; another may have taken later ones. */
  let lastCounter: { stationId: string; counter: number } | undefined

  /**
   * Asked and written side by side, for each question alone is a way to the browser's store and back; what the answers forbid is
   * undone with the transaction.
   */
  const writeFinished = (finished: {
    entry: OutboxRow
    packet: Packet
    matterHash: string | undefined
    /** What it was sealed from. */
    from: DraftAsLeft
    /** The event before this one, when it lies here too. */
    previous: string | undefined
  }) => {
    const { entry, packet, matterHash, from, previous } = finished
    const key = counterKey(entry.stationId)
    const { packetId, dossierId, counter, attachments } = entry
    const { meta, drafts, attachments: papers, chunks, outbox, packets, matters } = database
    const tables = [meta, drafts, papers, chunks, outbox, packets, ...(matterHash === undefined ? [] : [matters])]
    return guarded(async (): Promise<'written' | Undone['why']> => {
      try {
        await database.transaction('rw', tables, async () => {
          const [draft, last, present, before] = await Promise.all([
            database.drafts.get(dossierId),
            database.meta.get(key),
            database.attachments.where('dossierId').equals(dossierId).primaryKeys(),
            previous === undefined ? [] : outbox.where('packetId').equals(previous).count(),
            database.meta.put({ key, value: counter }),
            database.drafts.delete(dossierId),
            // Its slip code, its counter and its place among the dossier's events are unique: one that is taken undoes all of this.
            database.outbox.add(entry),
            database.packets.add({ packetId, packet }),
            matterHash === undefined ? undefined : matters.add({ packetId, hash: matterHash, at: now() }),
          ])
          if (draft === undefined) throw new Undone('not-found')
          if (!isAsLeft(from.row, draft)) throw new Undone('overtaken')
          if (Number(last?.value ?? 0) >= counter) throw new Undone('overtaken')
          // The event before it was taken back meanwhile: named by this one, it would be waited for for ever.
          if (before === 0) throw new Undone('overtaken')
          // A paper added or taken out since: seal again with what is there now.
          const seen = new Set(from.papers.map(({ attachmentId }) => attachmentId))
          if (present.length !== seen.size || !present.every((id) => seen.has(id))) throw new Undone('overtaken')
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

  const readDraft = (stationId: string, draftId: string) =>
    guarded(() =>
      database.transaction('r', database.drafts, database.meta, database.attachments, database.outbox, async () => {
        const [row, last, papers] = await Promise.all([
          database.drafts.get(draftId),
          database.meta.get(counterKey(stationId)),
          database.attachments.where('dossierId').equals(draftId).toArray(),
        ])
        const events = row?.about === undefined ? [] : await eventsOf(database, row.about.dossierId)
        return { row, last: Number(last?.value ?? 0), papers, events }
      }),
    )

  /** Undefined: the store has to be asked. Events of a dossier come from more windows than this one. */
  const known = (stationId: string, draftId: string) => {
    const left = inHand.left(draftId)
    if (left === undefined || left.row.about !== undefined || lastCounter?.stationId !== stationId) return undefined
    return ok({ ...left, last: lastCounter.counter, events: [] })
  }

  /** `taken`: a counter which is known to be taken, by somebody who may have changed more than that. */
  const finishOnce = async (
    request: FinishRequest,
    taken: number | undefined,
  ): Promise<Result<OutboxEntry | { takenCounter: number }, FinishFault>> => {
    const session = operators.session()
    if (session === undefined) return err({ type: 'locked' })
    const enrolled = await enrolment()
    if (!enrolled.ok) return enrolled
    const { stationId, demo, keys } = enrolled.value
    const packetId = crypto.randomUUID()
    const { matter } = request
    // What does not wait for the draft goes beside reading it.
    const beside = Promise.all([
      encapsulations.take(keys.sealing),
      sealBox(session.key, entryLabelPurpose(packetId), toUtf8(request.label)),
      guarded(async () => (matter === undefined ? undefined : hashOf(session, matter))),
    ])
    const [read, [encapsulation, label, hashed]] = await Promise.all([
      (taken === undefined ? known(stationId, request.draftId) : undefined) ?? readDraft(stationId, request.draftId),
      beside,
    ])
    if (!read.ok) return read
    const draft = await openDraft(session, read.value.row)
    if (!draft.ok) return draft
    if (!encapsulation.ok) return encapsulation
    const { row, dataKey, key } = draft.value
    const supplement = await openSupplementState(key, row.draftId, row.supplement)
    if (row.supplement !== undefined && supplement === undefined) return err({ type: 'unreadable' })
    const undecided = supplement?.conflicts.map(({ field }) => field) ?? []
    if (undecided.length > 0) return err({ type: 'conflicts-open', fields: undecided })
    if (row.about?.kind === 'supplement' && isWithdrawn(read.value.events)) return err({ type: 'withdrawn' })
    const event = row.about && nextEvent(row.about, read.value.events)
    const all = await factsOf(key, read.value.papers)
    if (!all.ok) return all
    const wanted = new Set(request.attachmentIds ?? all.value.map((facts) => facts.attachmentId))
    const byId = new Map(all.value.map((facts) => [facts.attachmentId, facts]))
    // In the order in which they were asked for: the pages of a paper have one.
    const facts = [...wanted].flatMap((attachmentId) => byId.get(attachmentId) ?? [])
    if (facts.length < wanted.size) return err({ type: 'dossier-invalid', detail: 'attachments' })

    const attachments = read.value.papers
      .filter(({ attachmentId }) => facts.some((each) => each.attachmentId === attachmentId))
      .map(({ attachmentId, sealedSize, sealedSha256 }) => ({ attachmentId, sealedSize, sealedSha256 }))

    const counter = Math.max(read.value.last, taken ?? 0) + 1
    const queuedAt = instant()
    const training = row.training || demo
    const slipCode = row.about?.slipCode ?? makeSlipCode()
    const { procedureCode, procedureVersion, draftId, about } = row
    const helper = { operatorId: session.operator.operatorId, name: session.operator.name }
    const fields = {
      draftId,
      procedureCode,
      procedureVersion,
      helper,
      slipCode,
      training,
      finishedAt: queuedAt,
      attachments: facts,
    }
    const payload = payloadOf(request, fields, about, supplement)
    if (!payload.ok) return payload
    const header: PacketHeader = {
      format: 'tram-packet-1',
      packetId,
      stationId,
      counter,
      kind: about?.kind ?? 'submit',
      ...(event === undefined ? {} : { event }),
      procedureCode,
      procedureVersion,
      training,
      gatewayKeyId: keys.sealing.keyId,
      chunkSize: read.value.papers[0]?.chunkSize ?? defaultChunkSize,
      attachments,
      sealedAt: queuedAt,
    }
    const [sealed, wrappedKey] = await Promise.all([
      sealPacket({ header, payload: toUtf8(JSON.stringify(payload.value)), dataKey, recipient: encapsulation.value }),
      row.handed === true ? sealBox(session.key, dataKeyPurpose(row.draftId), dataKey) : row.wrappedKey,
    ])
    if (!hashed.ok) return hashed
    const matterHash = about === undefined ? hashed.value : undefined
    dataKey.fill(0)
    if (!sealed.ok) return sealed
    const answer = await station.call('signPacket', { digest: sealed.value.digest, counter })
    if (!answer.ok) return answer
    const signed = answer.value
    if (!signed.ok) return ok({ takenCounter: signed.error.lastCounter })
    const packet = Packet.safeParse({ ...sealed.value.packet, signature: signed.value.signature })
    if (!packet.success) return err({ type: 'too-large' })

    const entry: OutboxRow = {
      packetId,
      dossierId: row.draftId,
      ...(about === undefined || event === undefined ? {} : { about: aboutOf(about, event.sequence) }),
      ...(row.supplement === undefined ? {} : { basis: row.supplement }),
      stationId,
      counter,
      packetDigest: sealed.value.digest,
      slipCode,
      slipKey: event === undefined ? slipCode : `${slipCode}/${event.sequence}`,
      procedureCode,
      procedureVersion,
      training,
      operatorId: session.operator.operatorId,
      queuedAt,
      progress: { state: { name: 'queued' }, attempt: 0, reuploads: 0 },
      open: 1,
      sentOnce: false,
      attachments,
      bytesSent: {},
      label,
      ...(request.deadlines === undefined || request.deadlines.length === 0 ? {} : { deadlines: request.deadlines }),
      wrappedKey,
    }
    const previous = read.value.events.find((one) => one.packetId === event?.previous)?.packetId
    const from = { row, papers: read.value.papers }
    const written = await writeFinished({ entry, packet: packet.data, matterHash, from, previous })
    if (!written.ok) return written
    if (written.value === 'not-found') return err({ type: 'not-found' })
    lastCounter = { stationId, counter }
    encapsulations.prepare(keys.sealing)
    if (written.value === 'written') inHand.forget(draftId)
    return ok(written.value === 'overtaken' ? { takenCounter: counter } : toEntry(entry, request.label))
  }

  const finish = (request: FinishRequest): Promise<Result<OutboxEntry, FinishFault>> =>
    inOrder(request.draftId, async () => {
      let taken: number | undefined
      for (let tries = 0; tries < counterTries; tries += 1) {
        const finished = await finishOnce(request, taken)
        if (!finished.ok) return finished
        if (!('takenCounter' in finished.value)) return ok(finished.value)
        taken = finished.value.takenCounter
      }
      return err({ type: 'store-broken', detail: 'counter taken again and again' })
    })

  return { finish }
}
