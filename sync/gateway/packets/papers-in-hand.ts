/**
 * The attachments that came in one body with their packet: checked before anything of the packet is stored, then on disk, each whole.
 * Their names are those an upload would have. What is left behind by a gateway that died before the packet was stored is replaced when it
 * comes again, or found whole by the upload's first question.
 */
import type { PacketContent } from '../../../contracts/dossier-events.ts'
import type { PacketHeader } from '../../../contracts/packet.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import { sealedParts } from '../../packet/parcel.ts'
import type { AttachmentVerification } from '../attachments/verification.ts'
import type { Refusal } from '../problem.ts'
import type { AttachmentFiles } from './intake-ports.ts'
import { attachmentsIn } from './packet-content.ts'

export const createPapersInHand =
  (options: { files: Pick<AttachmentFiles, 'write'>; verifyAttachment: AttachmentVerification }) =>
  /** Whether all the attachments are here and durable. */
  async (request: {
    header: PacketHeader
    content: PacketContent
    dataKey: Uint8Array
    sealed: Uint8Array
  }): Promise<Result<boolean, Refusal>> => {
    const { header, content, dataKey } = request
    const parts = sealedParts(request.sealed, header.attachments)
    if (!parts.ok) return err({ type: 'busy', detail: 'the parcel is cut off' })
    if (parts.value === undefined) return ok(false)
    const { value } = parts
    const verdicts = await Promise.all(
      header.attachments.map(async (announced, at) => {
        const facts = attachmentsIn(content).find(({ attachmentId }) => attachmentId === announced.attachmentId)
        const sealed = value[at]?.bytes
        if (facts === undefined || sealed === undefined) throw new Error('Header and content differ about the attachments')
        return options.verifyAttachment({ sealed, announced, facts, dataKey, chunkSize: header.chunkSize })
      }),
    )
    const wrong = verdicts.find((verdict) => !verdict.ok)
    if (wrong?.ok === false) return wrong
    await Promise.all(
      value.map(({ attachmentId, bytes }) => options.files.write({ packetId: header.packetId, attachmentId }, bytes)),
    )
    return ok(true)
  }
