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
import type { DraftsInHand } from './drafts-in-hand.ts'
import type { Operators } from './operators.ts'
import { openJson, sealJson } from './sealed-box.ts'
import { guarded } from './store-faults.ts'
import type { Locked, NewAttachment, NotFound, StoreFault, Unreadable } from './vault-api.ts'

const maxAttachments = 20
const factsPurpose = (attachmentId: string) => `tram attachment facts ${attachmentId}`

const sha256 = async (bytes: Bytes) => toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))

const chunksOf = (database: TramDatabase, attachmentId: string) =>
  database.chunks.where('[attachmentId+index]').between([attachmentId, Dexie.minKey], [attachmentId, Dexie.maxKey])

/** The browser keeps each row in a file of its own, which it syncs, reads and removes: few large ones, and none too large to go on from its midst. */
const rowBytes = 2 * 1024 * 1024

const rowsOf = (attachmentId: string, sealed: Bytes): ChunkRow[] =>
  Array.from({ length: Math.ceil(sealed.length / rowBytes) }, (_, index) => {
    const part = sealed.subarray(index * rowBytes, (index + 1) * rowBytes)
    return { attachmentId, index, bytes: part.length === sealed.buffer.byteLength ? sealed.buffer : part.slice().buffer }
  })

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

type AddFault =
  | StoreFault
  | Locked
  | NotFound
  | Unreadable
  | { type: 'empty-file' }
  | { type: 'too-large'; maxBytes: number }
  | { type: 'facts-invalid'; detail: string }

export const createAttachments = (database: TramDatabase, operators: Operators, inHand: DraftsInHand) => {
  const addAttachment = async (draftId: string, attachment: NewAttachment): Promise<Result<AttachmentFacts, AddFault>> => {
    const plain = Uint8Array.from(attachment.bytes)
    if (plain.length === 0) return err({ type: 'empty-file' })
    if (plain.length > maxAttachmentBytes) return err({ type: 'too-large', maxBytes: maxAttachmentBytes })
    const attachmentId = crypto.randomUUID()
    const [plainSha256, draft] = await Promise.all([sha256(plain), inHand.open(draftId)])
    if (!draft.ok) return draft
    const key = await deriveAttachmentKey(draft.value.attachments, attachmentId)
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

    const [sealedFacts, sealed] = await Promise.all([
      sealJson(draft.value.key, factsPurpose(attachmentId), facts.data),
      sealAttachment(key, attachmentId, plain, defaultChunkSize).then((chunks) => concatBytes(...chunks)),
    ])
    const row: AttachmentRow = {
      attachmentId,
      dossierId: draftId,
      facts: sealedFacts,
      chunkSize: defaultChunkSize,
      sealedSize: sealed.length,
      sealedSha256: await sha256(sealed),
    }
    const written = await guarded(async (): Promise<'written' | Undone['why']> => {
      try {
        // Asked and written side by side, for each question alone is a way to the browser's store and back; what the answers forbid is
        // undone with the transaction.
        await database.transaction('rw', database.drafts, database.attachments, database.chunks, async () => {
          const [current, present] = await Promise.all([
            database.drafts.get(draftId),
            database.attachments.where('dossierId').equals(draftId).count(),
            database.attachments.add(row),
            database.chunks.bulkAdd(rowsOf(attachmentId, sealed)),
          ])
          if (current === undefined) throw new Undone('not-found')
          if (!inHand.isSame(draft.value, current)) throw new Undone('changed-hands')
          if (present >= maxAttachments) throw new Undone('too-many')
        })
        return 'written'
      } catch (thrown) {
        if (thrown instanceof Undone) return thrown.why
        throw thrown
      }
    })
    if (!written.ok) return written
    if (written.value !== 'written') inHand.forget(draftId)
    if (written.value === 'not-found') return err({ type: 'not-found' })
    // Handed to somebody else, or finished and taken back, since it was opened: by its key of now, or not at all.
    if (written.value === 'changed-hands') return addAttachment(draftId, attachment)
    if (written.value === 'too-many') return err({ type: 'facts-invalid', detail: `at most ${maxAttachments} attachments` })
    return ok(facts.data)
  }

  const readAttachment = async (
    attachmentId: string,
  ): Promise<Result<{ facts: AttachmentFacts; bytes: Bytes }, StoreFault | Locked | NotFound | Unreadable>> => {
    const row = await guarded(() => database.attachments.get(attachmentId))
    if (!row.ok) return row
    if (row.value === undefined) return err({ type: 'not-found' })
    const draft = await unlockDraft(database, operators, row.value.dossierId)
    if (!draft.ok) return draft
    const rows = await guarded(() => chunksOf(database, attachmentId).toArray())
    if (!rows.ok) return rows
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
        if (draft?.operatorId !== session.operator.operatorId) return false
        await deleteAttachments(database, draft.draftId, (id) => id === attachmentId)
        return true
      }),
    )
    if (!removed.ok) return removed
    return removed.value ? ok(undefined) : err({ type: 'not-found' })
  }

  return { addAttachment, readAttachment, removeAttachment }
}
