/** An entry with what travels of it: still sealed, opened by nobody here. */
import { Dexie } from 'dexie'
import { concatBytes } from '../packet/base64url.ts'
import type { OutboxRow, TramDatabase } from './database.ts'
import { bytesOfRow } from './outbox-row.ts'
import type { SealedEntry } from './vault-api.ts'

const wholeAttachment = async (database: TramDatabase, { attachmentId, sealedSize }: OutboxRow['attachments'][number]) => {
  const rows = await database.chunks
    .where('[attachmentId+index]')
    .between([attachmentId, Dexie.minKey], [attachmentId, Dexie.maxKey])
    .toArray()
  const [first, ...more] = rows.map((row) => new Uint8Array(row.bytes))
  if (first === undefined) return undefined
  const bytes = more.length === 0 ? first : concatBytes(first, ...more)
  return bytes.length === sealedSize ? bytes : undefined
}

/** As much as its row says. */
export const bareEntry = ({ packetId, packetDigest, progress, attachments }: OutboxRow): SealedEntry => ({
  packetId,
  packetDigest,
  progress,
  packet: undefined,
  attachments,
})

/** Inside a transaction over packets and chunks. Attachments come with it when they are no more than `withAttachments` bytes. */
export const readEntry = async (database: TramDatabase, row: OutboxRow, withAttachments: number): Promise<SealedEntry> => {
  const wanted = bytesOfRow(row).bytesTotal <= withAttachments ? row.attachments : []
  const [packet, ...parts] = await Promise.all([
    database.packets.get(row.packetId),
    ...wanted.map((attachment) => wholeAttachment(database, attachment)),
  ] as const)
  const entry: SealedEntry = { ...bareEntry(row), packet: packet?.packet }
  const sealed = parts.filter((part) => part !== undefined)
  return sealed.length === row.attachments.length ? { ...entry, sealed } : entry
}

export const sealedTables = ({ packets, attachments, chunks }: TramDatabase) => [packets, attachments, chunks]

/** Inside a transaction over `sealedTables`: packet and attachments go, with their receipt. */
export const purgeSealed = async (database: TramDatabase, rows: readonly OutboxRow[]): Promise<void> => {
  const ids = rows.flatMap(({ attachments }) => attachments.map(({ attachmentId }) => attachmentId))
  await Promise.all([
    database.packets.bulkDelete(rows.map(({ packetId }) => packetId)),
    database.attachments.bulkDelete(ids),
    ...ids.map((id) => database.chunks.where('[attachmentId+index]').between([id, Dexie.minKey], [id, Dexie.maxKey]).delete()),
  ])
}
