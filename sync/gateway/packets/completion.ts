/**
 * From "stored" to "received": every attachment checked, then receipt, state, update and connector job in one transaction.
 *
 * Invariants: a receipt exists only for a dossier that is whole and durable. Checking may be begun by the last byte, by a
 * repeat of the packet, by a question or by a restart; the store lets one of them finish, once.
 */
import type { ReceiptClaims } from '../../../contracts/packet.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import type { AttachmentVerification } from '../attachments/verification.ts'
import type { Refusal } from '../problem.ts'
import type { AttachmentFiles, PacketSeals } from './intake-ports.ts'
import { attachmentsIn } from './packet-content.ts'
import type { PacketStore } from './packet-store.ts'

export type Completion = {
  /** Checks what is whole and finishes the packet when nothing is missing. The error names an attachment which was thrown away. */
  settle(packetId: string): Promise<Result<{ finished: boolean }, Refusal>>
  /** What a stop in the midst left undone. */
  recover(): Promise<void>
}

export function createCompletion(options: {
  store: PacketStore
  seals: PacketSeals
  files: AttachmentFiles
  verifyAttachment: AttachmentVerification
  signReceipt(claims: ReceiptClaims): Promise<string>
  now(): Date
  onFinished(stationId: string): void
  onTrouble(packetId: string, error: unknown): void
}): Completion {
  const { store, files } = options
  const underWay = new Map<string, Promise<Result<{ finished: boolean }, Refusal>>>()

  const check = async (packetId: string): Promise<Result<{ finished: boolean }, Refusal>> => {
    const held = await store.read(packetId)
    if (held === undefined || held.state !== 'waiting-for-attachments') return ok({ finished: false })
    const refusals: Refusal[] = []
    for (const { attachmentId, sealedSize } of await store.openAttachments(packetId)) {
      const name = { packetId, attachmentId }
      if ((await files.durableSize(name)) !== sealedSize) continue
      const opened = await options.seals.open(held.packet)
      const facts = attachmentsIn(held.content).find((attachment) => attachment.attachmentId === attachmentId)
      const announced = held.header.attachments.find((attachment) => attachment.attachmentId === attachmentId)
      if (!opened.ok || facts === undefined || announced === undefined) throw new Error('A stored packet no longer opens')
      const verified = await options.verifyAttachment({
        sealed: await files.read(name),
        announced,
        facts,
        dataKey: opened.value.dataKey,
        chunkSize: held.header.chunkSize,
      })
      if (verified.ok) {
        await store.markWhole(packetId, attachmentId, options.now())
      } else {
        await files.remove(name)
        refusals.push({ type: 'attachment-invalid', detail: `${attachmentId}: ${verified.error.detail}` })
      }
    }
    const finished = await store.finish(packetId, options.signReceipt, options.now())
    if (finished) options.onFinished(held.stationId)
    const [refusal] = refusals
    return refusal === undefined ? ok({ finished }) : err(refusal)
  }

  const settle: Completion['settle'] = (packetId) => {
    // One check of a packet at a time: a second would throw away a file which was just created anew.
    const turn = (underWay.get(packetId) ?? Promise.resolve()).then(
      () => check(packetId),
      () => check(packetId),
    )
    underWay.set(packetId, turn)
    const forget = () => {
      if (underWay.get(packetId) === turn) underWay.delete(packetId)
    }
    turn.then(forget, forget)
    return turn
  }

  return {
    settle,
    recover: async () => {
      for (const packetId of await store.waiting()) {
        // One dossier's trouble must not keep the gateway from starting for all the others.
        await settle(packetId).catch((error: unknown) => options.onTrouble(packetId, error))
      }
    },
  }
}
