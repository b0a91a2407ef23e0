/**
 * A packet comes in: who signed it, does its seal open, is the dossier whole and right, then everything in one transaction.
 *
 * Invariants
 * - The same packet any number of times, at once or apart, is one row; every time the answer is the state of that row.
 * - A packet id, a counter or a dossier belongs to one content for ever: anything else under it is `key-reused`.
 * - Nothing is stored that does not open, does not validate or is training where training has no place.
 * - A packet that was taken back is refused for ever, whatever of it is still on its way.
 * - Attachments that come with their packet are checked and on disk before the packet is stored; then its receipt is stored with it.
 * - Copies of one packet are taken one after the other: what a refused one throws away is never what another has just put there.
 */
import type { Dossier } from '../../../contracts/dossier.ts'
import type { PacketAnswer } from '../../../contracts/gateway-api.ts'
import type { Packet, PacketHeader, ReceiptClaims } from '../../../contracts/packet.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import type { Refusal } from '../problem.ts'
import { answersOf, type OffsetOf } from './answer.ts'
import type { Completion } from './completion.ts'
import type { DossierCheck } from './dossier-check.ts'
import type { AttachmentFiles, PacketSeals, PacketSender } from './intake-ports.ts'
import { createOpening, type GatewayMode } from './opening.ts'
import type { PacketStore } from './packet-store.ts'
import type { createPapersInHand } from './papers-in-hand.ts'

export type Intake = {
  /** `sealed`: the attachments that came with it, one behind the other in the order of its header; nothing when they are to follow. */
  accept(station: PacketSender, packetId: string, packet: Packet, sealed?: Uint8Array): Promise<Result<PacketAnswer, Refusal>>
  find(station: PacketSender, packetId: string): Promise<Result<PacketAnswer, Refusal>>
  /** Durably never to be received; or what it is by now. */
  takeBack(station: PacketSender, packetId: string): Promise<Result<PacketAnswer, Refusal>>
}

export function createIntake(options: {
  store: PacketStore
  seals: PacketSeals
  files: Pick<AttachmentFiles, 'remove'>
  mode: GatewayMode
  completion: Completion
  checkDossier: DossierCheck
  /** Undefined for what cannot be known again. */
  matterOf?(header: PacketHeader, dossier: Dossier): string | undefined
  keepPapers: ReturnType<typeof createPapersInHand>
  signReceipt(claims: ReceiptClaims): Promise<string>
  onReceived(stationId: string): void
  offsetOf: OffsetOf
  now(): Date
}): Intake {
  const { store, seals, completion } = options

  const answer = async (packetId: string): Promise<Result<PacketAnswer, Refusal>> => {
    const found = (await answersOf(store, [packetId], options.offsetOf)).get(packetId)
    return found === undefined ? err({ type: 'not-found' }) : ok(found)
  }

  const forget = async (packetId: string, attachments: readonly { attachmentId: string }[]) => {
    for (const { attachmentId } of attachments) await options.files.remove({ packetId, attachmentId })
  }

  /** The answer to a packet which is there already; undefined when it is new. */
  const repeat = async (
    station: PacketSender,
    packetId: string,
    digest: string,
  ): Promise<Result<PacketAnswer, Refusal> | undefined> => {
    const known = await store.find(packetId)
    if (known === undefined) return undefined
    if (known.stationId !== station.stationId || known.digest !== digest) return err({ type: 'key-reused', detail: 'packetId' })
    if (known.state === 'waiting-for-attachments') await completion.settle(packetId)
    return answer(packetId)
  }

  const open = createOpening(options)

  const underWay = new Map<string, Promise<unknown>>()
  const inTurn = <T>(packetId: string, take: () => Promise<T>): Promise<T> => {
    const turn = (underWay.get(packetId) ?? Promise.resolve()).then(take, take)
    underWay.set(packetId, turn)
    const end = () => {
      if (underWay.get(packetId) === turn) underWay.delete(packetId)
    }
    turn.then(end, end)
    return turn
  }

  const take = async (
    station: PacketSender,
    packetId: string,
    packet: Packet,
    sealed: Uint8Array,
  ): Promise<Result<PacketAnswer, Refusal>> => {
    const digest = await seals.digest(packet)
    const before = await repeat(station, packetId, digest)
    if (before !== undefined) return before
    const opened = await open(station, packetId, packet)
    if (!opened.ok) return opened
    const { header, content, dataKey } = opened.value
    const kept = await options.keepPapers({ header, content, dataKey, sealed })
    if (!kept.ok) return kept
    const at = options.now()
    const { counter, attachments } = header
    const claims = { packetId, stationId: station.stationId, counter, packetDigest: digest, attachments }
    const receipt = kept.value ? await options.signReceipt({ ...claims, receivedAt: at.toISOString() }) : undefined
    const matter = content.kind === 'submit' ? options.matterOf?.(header, content.dossier) : undefined
    const stored = await store.store({
      header,
      packet,
      digest,
      content,
      ...(matter === undefined ? {} : { matter }),
      at,
      check: (merged) => {
        const checked = options.checkDossier.content(header, merged)
        return checked.ok ? undefined : checked.error
      },
      ...(receipt === undefined ? {} : { receipt }),
    })
    if (stored.type === 'refused') {
      if (kept.value) await forget(packetId, attachments)
      return err(stored.refusal)
    }
    if (stored.type === 'stored' && receipt !== undefined) {
      options.onReceived(station.stationId)
      return ok({ packetId, state: 'received', missing: [], receipt })
    }
    // Somebody else's row may be in the way: the same packet at the same moment, or another one with its counter or dossier.
    const there = await repeat(station, packetId, digest)
    if (there !== undefined) return there
    if (kept.value) await forget(packetId, attachments)
    return err({ type: 'key-reused', detail: 'counter or dossier' })
  }

  return {
    accept: (station, packetId, packet, sealed = new Uint8Array()) =>
      inTurn(packetId, () => take(station, packetId, packet, sealed)),
    find: async (station, packetId) => {
      const known = await store.find(packetId)
      if (known === undefined || known.stationId !== station.stationId) return err({ type: 'not-found' })
      if (known.state === 'waiting-for-attachments') await completion.settle(packetId)
      return answer(packetId)
    },
    takeBack: async (station, packetId) => {
      const taken = await store.takeBack(packetId, station.stationId, options.now())
      if (taken.type === 'foreign') return err({ type: 'not-found' })
      if (taken.type === 'too-late') return answer(packetId)
      await forget(
        packetId,
        taken.attachments.map((attachmentId) => ({ attachmentId })),
      )
      return ok({ packetId, state: 'taken-back', missing: [] })
    },
  }
}
