/** What the gateway says of a packet: made from the rows and the durable files, so a repeat is answered like the first time. */
import type { PacketAnswer } from '../../../contracts/gateway-api.ts'
import type { Database } from '../storage/database.ts'

export async function answersOf(
  database: Database,
  packetIds: readonly string[],
  offsetOf: (packetId: string, attachmentId: string) => Promise<number>,
): Promise<Map<string, PacketAnswer>> {
  const answers = new Map<string, PacketAnswer>()
  if (packetIds.length === 0) return answers
  const ids = [...new Set(packetIds)]
  const [packets, open] = await Promise.all([
    database
      .selectFrom('packets')
      .select(['packet_id', 'state', 'receipt', 'official', 'status'])
      .where('packet_id', 'in', ids)
      .execute(),
    database
      .selectFrom('attachments')
      .select(['packet_id', 'attachment_id'])
      .where('packet_id', 'in', ids)
      .where('whole_at', 'is', null)
      .orderBy('attachment_id')
      .execute(),
  ])
  for (const row of packets) {
    // The rows are read apart: once a receipt is there, nothing is missing any more.
    const missing = row.receipt === null ? open.filter((attachment) => attachment.packet_id === row.packet_id) : []
    answers.set(row.packet_id, {
      packetId: row.packet_id,
      state: row.state,
      missing: await Promise.all(
        missing.map(async ({ attachment_id }) => ({
          attachmentId: attachment_id,
          offset: await offsetOf(row.packet_id, attachment_id),
        })),
      ),
      ...(row.receipt === null ? {} : { receipt: row.receipt }),
      ...(row.official === null ? {} : { official: row.official }),
      ...(row.status === null ? {} : { status: row.status }),
    })
  }
  return answers
}
