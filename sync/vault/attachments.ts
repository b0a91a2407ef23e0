/**
 * Attachments of drafts: sealed in chunks from the first byte that touches the disk, under a key from the dossier's data key.
 * Invariant: the rows of chunks, in order, are the very bytes that travel; finishing and sending re-encrypt nothing.
 */
import { Dexie } from 'dexie'
import { AttachmentFacts, maxAttachmentBytes } from '../../contracts/dossier.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import {
  attachmentKey,
  defaultChunkSize,
  deriveAttachmentKey,
  openAttachmentChunks,
  sealAttachment,
} from '../packet/attachment-codec.ts'
import { type Bytes, concatBytes, type SubtleKey, toHex } from '../packet/base64url.ts'
import { mediaTypeOf } from '../packet/media-type.ts'
import type { AttachmentRow, ChunkRow, TramDatabase } from './database.ts'
import { unlockDraft } from './draft-row.ts'
import type { DraftAsLeft, DraftsInHand } from './drafts-in-hand.ts'
import type { Operators } from './operators.ts'
import { openJson, sealJson } from './sealed-box.ts'
import { guarded, ifLost } from './store-faults.ts'
import type { AddAttachmentFault, Locked, NewAttachment, NotFound, StoreFault, Unreadable } from './vault-api.ts'

const maxAttachments = 20

/**
 * Few and large, and none too large to go on from its midst. Chromium's LevelDB store keeps each value of more than 64 KiB in a file of its
 * own; rows below that are on disk in half the time, but with them power cuts took what had been confirmed (decision 0025).
 */
const rowBytes = 2 * 1024 * 1024

/** Of one size, but for the last: a place in the file says its row. */
const rowsOf = (attachmentId: string, sealed: Bytes): ChunkRow[] =>
  Array.from({ length: Math.ceil(sealed.length / rowBytes) }, (_, index) => {
    const part = sealed.subarray(index * rowBytes, (index + 1) * rowBytes)
    return { attachmentId, index, bytes: part.length === sealed.buffer.byteLength ? sealed.buffer : part.slice().buffer }
  })

const factsPurpose = (attachmentId: string) => `tram attachment facts ${attachmentId}`

const sha256 = async (bytes: Bytes) => toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))

const chunksOf = (database: TramDatabase, attachmentId: string) =>
  database.chunks.where('[attachmentId+index]').between([attachmentId, Dexie.minKey], [attachmentId, Dexie.maxKey])

/** Inside a transaction over attachments and chunks. */
export const deleteAttachments = async (
  database: TramDatabase,
  dossierId: string,
  which: (attachmentId: string) => boolean,
): Promise<void> => {
  const ids = await database.attachments.where('dossierId').equals(dossierId).primaryKeys()
  for (const attachmentId of ids.filter(which)) {
    await chunksOf(database, attachmentId).delete()
    await database.attachments.delete(attachmentId)
  }
}

const openFacts = async (key: SubtleKey, row: AttachmentRow): Promise<AttachmentFacts | undefined> => {
  const facts = await openJson(key, factsPurpose(row.attachmentId), row.facts)
  const parsed = AttachmentFacts.safeParse(facts?.value)
  return parsed.success && parsed.data.attachmentId === row.attachmentId ? parsed.data : undefined
}

/** Of all these rows, or of none. */
export const factsOf = async (key: SubtleKey, rows: AttachmentRow[]): Promise<Result<AttachmentFacts[], Unreadable>> => {
  const facts = await Promise.all(rows.map((row) => openFacts(key, row)))
  const readable = facts.filter((fact) => fact !== undefined)
  return readable.length === facts.length ? ok(readable) : err({ type: 'unreadable' })
}

export const attachmentsOf = async (
  database: TramDatabase,
  key: SubtleKey,
  dossierId: string,
): Promise<Result<AttachmentFacts[], StoreFault | Unreadable>> => {
  const rows = await guarded(() => database.attachments.where('dossierId').equals(dossierId).toArray())
  return rows.ok ? await factsOf(key, rows.value) : rows
}

class Undone extends Error {
  readonly why: 'not-found' | 'too-many' | 'changed-hands'
  constructor(why: Undone['why']) {
    super(why)
    this.why = why
  }
}

export const createAttachments = (database: TramDatabase, operators: Operators, inHand: DraftsInHand) => {
  const addAttachment = async (
    draftId: string,
    attachment: NewAttachment,
  ): Promise<Result<AttachmentFacts, AddAttachmentFault>> => {
    const plain = attachment.bytes.slice()
    if (plain.length === 0) return err({ type: 'empty-file' })
    if (plain.length > maxAttachmentBytes) return err({ type: 'too-large', maxBytes: maxAttachmentBytes })
    const attachmentId = crypto.randomUUID()
    const draft = await inHand.open(draftId)
    if (!draft.ok) return draft
    const seal = async () => {
      const key = await deriveAttachmentKey(draft.value.attachments, attachmentId)
      const sealed = await sealAttachment(key, attachmentId, plain, defaultChunkSize)
      return { sealed, sealedSha256: await sha256(sealed) }
    }
    const [plainSha256, { sealed, sealedSha256 }] = await Promise.all([sha256(plain), seal()])
    const facts = AttachmentFacts.safeParse({
      attachmentId,
      paperId: attachment.paperId,
      fileName: attachment.fileName.normalize('NFC'),
      mediaType: attachment.mediaType,
      size: plain.length,
      sha256: plainSha256,
    })
    if (!facts.success) return err({ type: 'facts-invalid', detail: facts.error.issues[0]?.path.join('.') ?? '' })
    // The gateway would refuse it, after the packet was stored: too late for the clerk.
    if (mediaTypeOf(plain) !== facts.data.mediaType) return err({ type: 'facts-invalid', detail: 'mediaType' })

    const row: AttachmentRow = {
      attachmentId,
      dossierId: draftId,
      facts: await sealJson(draft.value.key, factsPurpose(attachmentId), facts.data),
      chunkSize: defaultChunkSize,
      sealedSize: sealed.length,
      sealedSha256,
    }
    const written = await guarded(async (): Promise<DraftAsLeft | Undone['why']> => {
      try {
        // Asked and written side by side, for each question alone is a way to the browser's store and back; what the answers forbid is
        // undone with the transaction.
        return await database.transaction('rw', database.drafts, database.attachments, database.chunks, async () => {
          const [current, present] = await Promise.all([
            database.drafts.get(draftId),
            database.attachments.where('dossierId').equals(draftId).toArray(),
            database.attachments.add(row),
            database.chunks.bulkAdd(rowsOf(attachmentId, sealed)),
          ])
          if (current === undefined) throw new Undone('not-found')
          if (!inHand.isSame(draft.value, current)) throw new Undone('changed-hands')
          const others = present.filter((paper) => paper.attachmentId !== attachmentId)
          if (others.length >= maxAttachments) throw new Undone('too-many')
          return { row: current, papers: [...others, row] }
        })
      } catch (thrown) {
        if (thrown instanceof Undone) return thrown.why
        throw thrown
      }
    })
    if (!written.ok) return written
    if (typeof written.value !== 'string') {
      inHand.leave(draftId, written.value)
      return ok(facts.data)
    }
    inHand.forget(draftId)
    if (written.value === 'not-found') return err({ type: 'not-found' })
    // Handed to somebody else, or finished and taken back, since it was opened: by its key of now, or not at all.
    if (written.value === 'changed-hands') return addAttachment(draftId, attachment)
    return err({ type: 'facts-invalid', detail: `at most ${maxAttachments} attachments` })
  }

  const readAttachment = async (
    attachmentId: string,
  ): Promise<Result<{ facts: AttachmentFacts; bytes: Bytes }, StoreFault | Locked | NotFound | Unreadable>> => {
    const row = await guarded(() => database.attachments.get(attachmentId))
    if (!row.ok) return row
    if (row.value === undefined) return err({ type: 'not-found' })
    const draft = await unlockDraft(database, operators, row.value.dossierId)
    if (!draft.ok) return draft
    const rows = await guarded(() => ifLost(chunksOf(database, attachmentId).toArray(), () => undefined))
    if (!rows.ok) return rows
    if (rows.value === undefined) return err({ type: 'unreadable' })
    const facts = await openFacts(draft.value.key, row.value)
    const key = await attachmentKey(draft.value.dataKey, attachmentId)
    draft.value.dataKey.fill(0)
    const sealed = concatBytes(...rows.value.map((chunk) => new Uint8Array(chunk.bytes)))
    const bytes = await openAttachmentChunks(key, attachmentId, sealed, row.value.chunkSize)
    if (facts === undefined || !bytes.ok || facts.sha256 !== (await sha256(bytes.value))) return err({ type: 'unreadable' })
    return ok({ facts, bytes: bytes.value })
  }

  const removeAttachment = async (attachmentId: string): Promise<Result<void, StoreFault | Locked | NotFound>> => {
    const session = operators.session()
    if (session === undefined) return err({ type: 'locked' })
    const removed = await guarded(() =>
      database.transaction('rw', database.drafts, database.attachments, database.chunks, async () => {
        const row = await database.attachments.get(attachmentId)
        // Once the draft is finished its attachments are the packet's, and nobody takes them out.
        const draft = row && (await database.drafts.get(row.dossierId))
        if (draft?.operatorId !== session.operator.operatorId) return undefined
        await deleteAttachments(database, draft.draftId, (id) => id === attachmentId)
        return draft.draftId
      }),
    )
    if (!removed.ok) return removed
    if (removed.value === undefined) return err({ type: 'not-found' })
    inHand.leave(removed.value, undefined)
    return ok(undefined)
  }

  const lostAttachments = async (
    draftId: string,
  ): Promise<Result<AttachmentFacts[], StoreFault | Locked | NotFound | Unreadable>> => {
    const draft = await unlockDraft(database, operators, draftId)
    if (!draft.ok) return draft
    draft.value.dataKey.fill(0)
    const rows = await guarded(() => database.attachments.where('dossierId').equals(draftId).toArray())
    if (!rows.ok) return rows
    const lost: AttachmentRow[] = []
    for (const row of rows.value) {
      const chunks = await guarded(() => ifLost(chunksOf(database, row.attachmentId).toArray(), () => []))
      if (!chunks.ok) return chunks
      if (chunks.value.reduce((sum, { bytes }) => sum + bytes.byteLength, 0) !== row.sealedSize) lost.push(row)
    }
    return factsOf(draft.value.key, lost)
  }

  return { addAttachment, readAttachment, removeAttachment, lostAttachments }
}
