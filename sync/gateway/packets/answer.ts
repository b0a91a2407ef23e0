/** What the gateway says of a packet: made from the rows and the durable files, so a repeat is answered like the first time. */
import type { PacketAnswer } from '../../../contracts/gateway-api.ts'
import type { PacketStore } from './packet-store.ts'

/** Durable bytes of an attachment. */
export type OffsetOf = (packetId: string, attachmentId: string) => Promise<number>

export async function answersOf(
  store: Pick<PacketStore, 'answers'>,
  packetIds: readonly string[],
  offsetOf: OffsetOf,
): Promise<Map<string, PacketAnswer>> {
  const answers = new Map<string, PacketAnswer>()
  for (const [packetId, { open, ...known }] of await store.answers(packetIds)) {
    const missing = await Promise.all(
      open.map(async (attachmentId) => ({ attachmentId, offset: await offsetOf(packetId, attachmentId) })),
    )
    answers.set(packetId, { ...known, missing })
  }
  return answers
}
