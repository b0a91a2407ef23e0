/**
 * What people do at a kiosk: begin, save, finish, take back, correct, supplement, withdraw. Every step is the vault's own order of effects
 * with the vault's own rules, over the simulated disk; what a step confirmed is noted in the ledger and must never be untrue afterwards.
 */
import type { PacketHeader } from '../../contracts/packet.ts'
import { sealedSizeOf } from '../../sync/packet/attachment-codec.ts'
import type { OutboxRow } from '../../sync/vault/database.ts'
import { canRecall, canTakeBack, dossierOf, laterEvent, sequenceOf } from '../../sync/vault/outbox-row.ts'
import type { Faults } from './faults.ts'
import type { Kiosk, Tab } from './kiosk.ts'
import { counterKey, type DraftOnDisk } from './kiosk-disk.ts'
import type { Ledger, LedgerEntry, Shown } from './ledger.ts'
import { sealModelPacket, sha256 } from './model-seals.ts'
import type { PlantedBug } from './planted-bugs.ts'
import type { Random } from './random.ts'
import { changesOf, createSupplementing, packRequest, unpackRequest } from './supplementing.ts'
import type { Scheduler } from './virtual-time.ts'

const chunkSize = 1024
const at = '2026-11-22T00:00:00.000Z'

export const createClerk = (options: {
  kiosk: Kiosk
  ledger: Ledger
  shown: Shown
  scheduler: Scheduler
  faults: Faults
  random: Random
  bug?: PlantedBug
}) => {
  const { kiosk, ledger, shown, faults, random, bug } = options
  const operators = [random.uuid(), random.uuid()]
  let operatorId = operators[0] ?? ''

  const begin = async (tab: Tab) => {
    const dossierId = random.uuid()
    const entry: LedgerEntry = {
      dossierId,
      kiosk,
      confirmed: 0,
      refuse: faults.strikes('dossier-refused', random),
      takenBack: new Set(),
      versions: new Map(),
      papers: random.pick([0, 0, 1, 1, 2, 3]),
      knows: {},
    }
    const draft: DraftOnDisk = { draftId: dossierId, operatorId, version: 1 }
    const saved = await tab.access.write(({ drafts }) => drafts.set(dossierId, draft))
    if (!saved.ok) return
    ledger.set(dossierId, { ...entry, confirmed: 1 })
    for (let paper = 0; paper < entry.papers; paper += 1) await addPaper(tab, dossierId)
    await finish(tab, dossierId)
  }

  const addPaper = async (tab: Tab, draftId: string) => {
    const size = random.pick([80, 900, 2_500, 9_000])
    const bytes = new Uint8Array(sealedSizeOf(size, chunkSize)).fill(random.below(256))
    for (let index = 0; index < 8; index += 1) bytes[index] = random.below(256)
    const attachmentId = random.uuid()
    await tab.access.write(({ blobs }) => blobs.set(attachmentId, { attachmentId, draftId, bytes, sha256: sha256(bytes) }))
  }

  /** As sync/vault/finish.ts: read, seal, let the station sign, then one transaction. */
  const finish = async (tab: Tab, draftId: string, floor = 0, tries = 0): Promise<void> => {
    if (tries > 7) return
    const { stationId } = kiosk
    const read = await tab.access.read(({ drafts, blobs, meta, outbox }) => ({
      draft: drafts.get(draftId),
      blobs: [...blobs.values()].filter((blob) => blob.draftId === draftId),
      last: meta.get(counterKey(stationId)) ?? 0,
      events: [...outbox.values()].filter((row) => dossierOf(row) === drafts.get(draftId)?.about?.dossierId),
    }))
    if (!read.ok || read.value.draft === undefined) return
    const { draft, blobs, last } = read.value
    const dossierId = draft.about?.dossierId ?? draftId
    const entry = ledger.get(dossierId)
    if (entry === undefined) return
    const event = draft.about === undefined ? undefined : nextEvent(draft.about, read.value.events)
    const counter = Math.max(last, floor) + 1
    const packetId = random.uuid()
    const attachments = blobs.map(({ attachmentId, bytes, sha256: sealedSha256 }) => ({
      attachmentId,
      sealedSize: bytes.length,
      sealedSha256,
    }))
    const kind = draft.about?.kind ?? 'submit'
    const header: PacketHeader = {
      format: 'tram-packet-1',
      packetId,
      stationId,
      counter,
      kind,
      ...(event === undefined ? {} : { event }),
      procedureCode: 'p',
      procedureVersion: '1',
      training: true,
      gatewayKeyId: kiosk.condition.keyId,
      chunkSize,
      attachments,
      sealedAt: at,
    }
    const answer = (value: string) => ({ value, provenance: { source: 'typed' as const, at, operatorId } })
    const body = {
      dossierId,
      procedureCode: 'p',
      procedureVersion: '1',
      training: true,
      finishedAt: at,
      slipCode: 'P7-K3M-9Q',
      helper: { operatorId, name: 'Mẫu' },
      attachments: blobs.map(({ attachmentId, bytes, sha256: hash }, index) => ({
        attachmentId,
        paperId: `paper${draft.version}x${index}`,
        fileName: 'a.jpg',
        mediaType: 'image/jpeg',
        size: sizeBefore(bytes.length),
        sha256: hash,
      })),
    }
    const said = { version: answer(String(draft.version)), ...(entry.refuse ? { refuse: answer('yes') } : {}) }
    const corrected = draft.request && changesOf({ ...draft.request, mine: { ...draft.request.mine, ...said } })
    const answers = corrected?.answers ?? said
    const first = { father: answer('father'), mother: answer('mother') }
    const payload = {
      submit: {
        ...body,
        answers: { ...first, ...answers },
        consents: [{ id: 'submit', purpose: { vi: 'Gửi' }, given: true, at }],
      },
      supplement: {
        ...body,
        answers,
        seen: corrected?.seen ?? { version: String(draft.after) },
        requestId: draft.about?.requestId,
      },
      withdraw: { ...body, attachments: [], reason: 'thử' },
    }[kind]
    const sealed = sealModelPacket(header, payload)
    if (corrected !== undefined) shown.set(packetId, { ...entry.knows })
    const signed = await kiosk.station.sign(counter)
    if (!tab.process.alive()) return
    if (!signed.ok) return signed.error.type === 'gone' ? undefined : finish(tab, draftId, signed.error.lastCounter, tries + 1)
    const row: OutboxRow = {
      packetId,
      dossierId: draftId,
      ...(draft.about === undefined || event === undefined ? {} : { about: aboutOf(draft.about, event.sequence) }),
      ...(draft.request === undefined ? {} : { basis: packRequest(draft.request) }),
      stationId,
      counter,
      packetDigest: sealed.digest,
      slipCode: 'P7-K3M-9Q',
      slipKey: packetId,
      procedureCode: 'p',
      procedureVersion: '1',
      training: true,
      operatorId,
      queuedAt: at,
      progress: { state: { name: 'queued' }, attempt: 0, reuploads: 0 },
      open: 1,
      sentOnce: false,
      attachments,
      bytesSent: {},
      label: new Uint8Array(),
      wrappedKey: new Uint8Array(1),
    }
    const isLocal = (id: string) => read.value.events.some((one) => one.packetId === id)
    const written = await tab.access.write((tables) => {
      const current = tables.drafts.get(draftId)
      if (current === undefined) return 'not-found'
      if ((tables.meta.get(counterKey(stationId)) ?? 0) >= counter && bug !== 'counter-reuse') return 'counter-taken'
      if (
        current.version !== draft.version ||
        current.request !== draft.request ||
        !attachments.every(({ attachmentId }) => tables.blobs.has(attachmentId))
      )
        return 'counter-taken'
      // As the store's unique `slipKey`: another window finished another draft of this dossier meanwhile.
      if (
        event !== undefined &&
        [...tables.outbox.values()].some((one) => dossierOf(one) === dossierId && sequenceOf(one) === event.sequence)
      )
        return 'counter-taken'
      // The event before it was taken back while this one was written.
      if (event?.previous !== undefined && isLocal(event.previous) && !tables.outbox.has(event.previous)) return 'counter-taken'
      tables.meta.set(counterKey(stationId), counter)
      tables.drafts.delete(draftId)
      tables.outbox.set(packetId, row)
      tables.packets.set(packetId, sealed.packet)
      // Noted where it becomes true, as with what is taken back.
      if (kind !== 'withdraw') entry.versions.set(packetId, draft.version)
      return 'written'
    })
    if (!written.ok) return
    if (written.value === 'counter-taken') return finish(tab, draftId, counter, tries + 1)
    if (written.value === 'written' && kind !== 'withdraw') entry.confirmed = Math.max(entry.confirmed, draft.version)
  }

  const sizeBefore = (sealed: number) => {
    for (let size = Math.max(1, sealed - 28 * Math.ceil(sealed / chunkSize)); ; size += 1)
      if (sealedSizeOf(size, chunkSize) === sealed) return size
  }

  /** As sync/vault/take-back.ts: decided again within the transaction; of a withdrawal nothing is left. */
  const leaveQueue = async (tab: Tab, packetId: string): Promise<string | undefined> => {
    const version = versionOf(packetId)
    const moved = await tab.access.write((tables) => {
      const row = tables.outbox.get(packetId)
      const allowed = row !== undefined && (bug === 'take-back-race' ? row.receipt === undefined : canTakeBack(row))
      if (row === undefined || !allowed) return undefined
      if (laterEvent(row, [...tables.outbox.values()]) !== undefined) return undefined
      tables.outbox.delete(packetId)
      tables.packets.delete(packetId)
      // Noted where it becomes true: a tab that dies right after has still done it.
      ledger.get(dossierOf(row))?.takenBack.add(packetId)
      if (row.about?.kind === 'withdraw') return undefined
      const request = row.basis === undefined ? {} : { request: unpackRequest(row.basis) }
      const about = row.about === undefined ? {} : { about: row.about }
      tables.drafts.set(row.dossierId, { draftId: row.dossierId, operatorId: row.operatorId, version, ...about, ...request })
      return row.dossierId
    })
    return moved.ok ? moved.value : undefined
  }

  /** Looked at again, corrected, and handed in anew. */
  const handInAgain = async (tab: Tab, draftId: string) => {
    const corrected = await tab.access.write(({ drafts }) => {
      const draft = drafts.get(draftId)
      const entry = ledger.get(draft?.about?.dossierId ?? draftId)
      if (draft === undefined || entry === undefined) return undefined
      const next = { ...draft, ...(draft.about === undefined ? { version: draft.version + 1 } : nextVersion(entry)) }
      drafts.set(draftId, next)
      return { entry, version: next.version }
    })
    if (!corrected.ok || corrected.value === undefined) return
    const { entry, version } = corrected.value
    entry.confirmed = Math.max(entry.confirmed, version)
    if (entry.dossierId === draftId) entry.refuse = false
    await finish(tab, draftId)
  }

  const takeBack = async (tab: Tab, packetId: string) => {
    const draftId = await leaveQueue(tab, packetId)
    if (draftId !== undefined) await goAgain(tab, draftId)
  }

  const goAgain = (tab: Tab, draftId: string) =>
    kiosk.disk.tables.drafts.get(draftId)?.request === undefined ? handInAgain(tab, draftId) : supplementing.renew(tab, draftId)

  /** What stands behind it comes back first, and goes again after it. */
  const takeBackInOrder = async (tab: Tab, row: OutboxRow) => {
    const undone: string[] = []
    for (let last = laterEvent(row, rows()); last !== undefined; last = laterEvent(row, rows())) {
      if (canRecall(last)) tab.client.recall(last.packetId)
      if (!canTakeBack(last)) break
      const draftId = await leaveQueue(tab, last.packetId)
      if (draftId !== undefined) undone.unshift(draftId)
      if (rows().includes(last)) break
    }
    // What left on a stick comes back with the gateway's promise alone.
    if (canRecall(row)) tab.client.recall(row.packetId)
    await takeBack(tab, row.packetId)
    for (const draftId of undone) await goAgain(tab, draftId)
  }

  const versionOf = (packetId: string): number => {
    const packet = kiosk.disk.tables.packets.get(packetId)
    if (packet === undefined) return 1
    return Number(JSON.parse(Buffer.from(packet.payload, 'base64url').toString()).answers?.version?.value ?? 1)
  }

  /** Of a supplement nobody asked for: what it changes is what the dossier says as its last event left it. */
  const nextVersion = ({ dossierId, confirmed, versions }: LedgerEntry): { version: number; after: number } => {
    const events = rows().filter((one) => dossierOf(one) === dossierId && versions.has(one.packetId))
    const [last] = events.toSorted((a, b) => sequenceOf(b) - sequenceOf(a))
    return { version: confirmed + 1, after: versions.get(last?.packetId ?? '') ?? confirmed }
  }

  const rows = (): OutboxRow[] => [...kiosk.disk.tables.outbox.values()]
  /** On the shelf to be compared with what the dossier says by now, or the gateway's promise never to receive it is there. */
  const isBack = ({ progress: { state }, about }: OutboxRow) =>
    state.name === 'recalled' ||
    (state.name === 'needs-attention' && state.reason === 'changed-elsewhere' && about?.kind === 'supplement')

  const oneOf = <T>(from: T[]): T | undefined => (from.length === 0 ? undefined : random.pick(from))

  /** Another event of a dossier of which all earlier ones stand in the queue or were received. */
  const follow = async (tab: Tab) => {
    const row = oneOf(rows().filter(({ about }) => about === undefined))
    const entry = row && ledger.get(row.dossierId)
    if (row === undefined || entry === undefined || entry.refuse) return
    const events = rows().filter((one) => dossierOf(one) === row.dossierId)
    if (events.some(({ about }) => about?.kind === 'withdraw')) return
    // Not behind one that is on its way back.
    if (events.some(({ progress }) => progress.recall === true || ['recalled', 'needs-attention'].includes(progress.state.name)))
      return
    const pending = [...kiosk.disk.tables.drafts.values()].some(({ about }) => about?.dossierId === row.dossierId)
    if (pending) return
    const draftId = random.uuid()
    // What nobody has yet is taken back, not withdrawn.
    const kind = random.chance(0.3) && row.receipt !== undefined ? 'withdraw' : 'supplement'
    const about = { kind, dossierId: row.dossierId, sequence: 2 } as const
    const saved = await tab.access.write(({ drafts }) =>
      drafts.set(draftId, { draftId, operatorId, about, ...nextVersion(entry) }),
    )
    if (!saved.ok) return
    if (kind === 'supplement' && random.chance(0.5)) await addPaper(tab, draftId)
    await finish(tab, draftId)
  }

  const supplementing = createSupplementing({ ...options, finish })

  return {
    act: (): void => {
      const tab = kiosk.tab()
      if (tab === undefined) return
      const asked = oneOf(supplementing.asked())
      if (asked !== undefined && random.chance(0.6)) return void supplementing.answer(tab, asked)
      const conflict = oneOf(supplementing.conflicting())
      if (conflict !== undefined && random.chance(0.6)) return void takeBack(tab, conflict.packetId)
      const away = oneOf(
        rows().filter((one) => canRecall(one) && one.about === undefined && laterEvent(one, rows()) === undefined),
      )
      if (away !== undefined && random.chance(0.4)) {
        faults.note('recall')
        tab.client.recall(away.packetId)
        return
      }
      const dice = random.next()
      if (dice < 0.5) {
        begin(tab)
        return
      }
      if (dice < 0.53 && !faults.healed()) {
        operatorId = operators.find((one) => one !== operatorId) ?? operatorId
        faults.note('operator-change')
        return
      }
      if (dice < 0.7) {
        const row = oneOf(rows().filter((one) => canTakeBack(one) || (bug === 'take-back-race' && one.receipt === undefined)))
        if (row !== undefined) {
          faults.note('take-back')
          takeBack(tab, row.packetId)
        }
        return
      }
      if (dice < 0.92) {
        follow(tab)
        return
      }
      const shelved = oneOf(rows().filter(({ progress }) => progress.state.name === 'needs-attention'))
      if (shelved !== undefined) tab.client.sendNow(shelved.packetId)
      else tab.client.sendNow()
      // A draft which a killed tab left behind.
      const left = oneOf([...kiosk.disk.tables.drafts.keys()])
      if (left !== undefined) finish(tab, left)
    },
    register: (): void => {
      const tab = kiosk.tab()
      if (tab !== undefined) begin(tab)
    },
    /** Whoever sees it still waiting may want it back. */
    reconsider: (): void => {
      const tab = kiosk.tab()
      const row = oneOf(rows().filter((one) => canTakeBack(one) && one.about === undefined))
      if (tab === undefined || row === undefined) return
      faults.note('take-back')
      takeBack(tab, row.packetId)
    },
    /** What lies about is finished, what came back is sent again. */
    tidy: (): void => {
      const tab = kiosk.tab()
      if (tab === undefined) return
      for (const [draftId, { request }] of kiosk.disk.tables.drafts)
        if (request === undefined) finish(tab, draftId)
        else supplementing.renew(tab, draftId)
      for (const row of supplementing.asked()) supplementing.answer(tab, row)
      for (const row of rows()) if (isBack(row)) takeBackInOrder(tab, row)
    },
  }
}
/** As sync/vault/finish.ts: after what the gateway had when it was asked, and after what this store has queued or sent since. */
const nextEvent = (
  about: NonNullable<DraftOnDisk['about']>,
  events: readonly OutboxRow[],
): NonNullable<PacketHeader['event']> => {
  const { dossierId, sequence, previous } = about
  const [last] = events.toSorted((a, b) => sequenceOf(b) - sequenceOf(a))
  const own = (last === undefined ? 1 : sequenceOf(last)) + 1
  if (last !== undefined && own >= sequence) return { dossierId, sequence: own, previous: last.packetId }
  return { dossierId, sequence, ...(previous === undefined ? {} : { previous }) }
}

const aboutOf = ({ kind, dossierId, requestId }: NonNullable<DraftOnDisk['about']>, sequence: number) => ({
  kind,
  dossierId,
  sequence,
  ...(requestId === undefined ? {} : { requestId }),
})

export type Clerk = ReturnType<typeof createClerk>
