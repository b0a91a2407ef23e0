/**
 * The sealed queue written out for a courier (sync/packet/courier-file.ts). Needs nobody signed in and opens nothing.
 * Invariant: before a byte of a packet leaves, the store says durably that it may have left: from then on it becomes a draft again only
 * with the gateway's word. The queue keeps everything until the receipt, and goes on sending by itself.
 */
import { Dexie } from 'dexie'
import type { CourierNote } from '../../contracts/courier.ts'
import type { Result } from '../../contracts/result.ts'
import { concatBytes } from '../packet/base64url.ts'
import { courierEnd, courierHead, courierNotes, courierPacket } from '../packet/courier-file.ts'
import type { OutboxRow, TramDatabase } from './database.ts'
import { toEntry } from './outbox-view.ts'
import { explained, guarded } from './store-faults.ts'
import type { CourierExport, CourierRequest, StoreFault } from './vault-api.ts'

/** On its way back to its clerk it does not leave by another door. */
const mayLeave = ({ progress, receipt }: OutboxRow): boolean =>
  receipt === undefined && progress.recall !== true && progress.state.name !== 'recalled'

/** Why it lies on the shelf, for whoever is asked to look. */
const noteOf = (row: OutboxRow, words: CourierRequest['words']): CourierNote | undefined => {
  const { state } = row.progress
  if (state.name !== 'needs-attention') return undefined
  const { reason, detail, findings } = state
  const { packetId, slipCode } = row
  return { packetId, slipCode, reason, detail: detail.slice(0, 2000), findings, words: words?.(toEntry(row, undefined)) ?? '' }
}

export const createCourierExport = (database: TramDatabase) => {
  const listed = (): Promise<string[]> =>
    database.outbox.where('[open+counter]').between([1, Dexie.minKey], [1, Dexie.maxKey]).primaryKeys()

  /** False when it went, or was called back, since it was listed. */
  const markLeaving = (packetId: string): Promise<boolean> =>
    database.transaction('rw', database.outbox, async () => {
      const row = await database.outbox.get(packetId)
      if (row === undefined || !mayLeave(row)) return false
      if (!row.sentOnce || row.carried !== true) await database.outbox.update(packetId, { sentOnce: true, carried: true })
      return true
    })

  /** All of a dossier or nothing: its bytes are where its header says. Undefined: it does not leave, or has gone. */
  const wholeOf = async (
    packetId: string,
  ): Promise<{ row: OutboxRow; parts: Uint8Array<ArrayBuffer>[] } | 'damaged' | undefined> => {
    try {
      if (!(await markLeaving(packetId))) return undefined
      const [row, packet] = await Promise.all([database.outbox.get(packetId), database.packets.get(packetId)])
      if (row === undefined || packet === undefined) return undefined
      const parts: Uint8Array<ArrayBuffer>[] = [courierPacket(packet.packet)]
      let whole = true
      for (const { attachmentId, sealedSize } of row.attachments) {
        const chunks = await database.chunks
          .where('[attachmentId+index]')
          .between([attachmentId, Dexie.minKey], [attachmentId, Dexie.maxKey])
          .toArray()
        const size = chunks.reduce((sum, chunk) => sum + chunk.bytes.byteLength, 0)
        whole &&= size === sealedSize
        parts.push(...chunks.map((chunk) => new Uint8Array(chunk.bytes)))
      }
      return whole ? { row, parts } : 'damaged'
    } catch (thrown) {
      // One that cannot be read holds up no other; a full disk or a closed store is no dossier's own.
      if ((await explained(thrown))?.type !== 'store-broken') throw thrown
      return 'damaged'
    }
  }

  const exportCourier = async (
    write: (part: Uint8Array<ArrayBuffer>) => void,
    { packetId: only, words }: CourierRequest = {},
  ): Promise<Result<CourierExport, StoreFault>> =>
    guarded(async () => {
      write(courierHead)
      let dossiers = 0
      let bytes = courierHead.length
      const skipped: string[] = []
      const notes: CourierNote[] = []
      for (const packetId of only === undefined ? await listed() : [only]) {
        const read = await wholeOf(packetId)
        if (read === undefined) continue
        // Its receipt came in between, or bytes of it are damaged: the queue still has it, or has no need of it.
        if (read === 'damaged') {
          skipped.push(packetId)
          continue
        }
        const { row, parts } = read
        for (const part of parts) {
          write(part)
          bytes += part.length
        }
        dossiers += 1
        const note = noteOf(row, words)
        if (note !== undefined) notes.push(note)
      }
      const end = concatBytes(courierEnd(dossiers), courierNotes(notes))
      write(end)
      return { dossiers, skipped: skipped.length, bytes: bytes + end.length }
    })

  return { exportCourier }
}
