/**
 * Performs the engine's effects for one entry at a time: asks the machine, does what it says, tells it what came of it.
 * Every decision is the machine's, and is durable before the next effect begins.
 */
import type { Clock } from '../../contracts/clock.ts'
import type { PacketAnswer } from '../../contracts/gateway-api.ts'
import type { OutboxProgress } from '../../contracts/outbox.ts'
import type { Packet } from '../../contracts/packet.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import type { Failure } from '../engine/failures.ts'
import { attachmentLanes, carriedWithPacket, goesTogether, type Link, noteTransfer } from '../engine/link.ts'
import { type Effect, leaseMs, type OutboxEvent, transition } from '../engine/outbox-machine.ts'
import type { ReceiptFault, VerifiedReceipt } from '../packet/receipt-codec.ts'
import type { NotFound, OutboxChange, OutboxStore, SealedEntry, StoreFault } from '../vault/vault-api.ts'
import { type Acknowledged, type Pace, uploadAttachment } from './attachment-upload.ts'
import { createConsignments } from './consignments.ts'
import type { CallFault, GatewayHttp } from './gateway-http.ts'

export type SenderOptions = {
  outbox: OutboxStore
  http: GatewayHttp
  verifyReceipt: (jws: string) => Promise<Result<VerifiedReceipt, ReceiptFault>>
  holder: string
  clock: Clock
  random: () => number
  pace: Pace
  /** What is known of the link, kept by the client, which also plans and estimates by it. */
  link: { current: Link }
  onContact: () => void
  onLost: () => void
  onStationRefused: () => void
}

const rememberedReceipts = 200

type Genuine = Extract<Awaited<ReturnType<SenderOptions['verifyReceipt']>>, { ok: true }>
type ChangeFault = StoreFault | NotFound | { type: 'receipt-mismatch' }
type Advance = { progress: OutboxProgress; effects: Effect[]; entry?: SealedEntry }

export const createSender = (options: SenderOptions) => {
  const { outbox, http, holder, random, link } = options
  const { now } = options.clock

  /** The feed says again what the answer said a moment ago. */
  const genuine = new Map<string, Genuine>()
  const remember = (jws: string, receipt: Genuine) => {
    genuine.set(jws, receipt)
    const [oldest] = genuine.keys()
    if (genuine.size > rememberedReceipts && oldest !== undefined) genuine.delete(oldest)
  }

  /** What was last said of a packet with a receipt, and is in the store: said again, it changes nothing. */
  const saidLast = new Map<string, { said: string; progress: OutboxProgress }>()

  /** Feeds events to the machine in one transaction and gives back the effects of all of them. */
  const advance = async (
    packetId: string,
    events: OutboxEvent[],
    facts: Pick<OutboxChange, 'receipt' | 'official' | 'status' | 'supplement' | 'double'> & {
      leaving?: boolean
      carry?: number
    } = {},
  ): Promise<Result<Advance, ChangeFault>> => {
    let effects: Effect[] = []
    const changed = await outbox.change(
      packetId,
      (entry): OutboxChange | undefined => {
        // A transaction may be run again: begin anew each time.
        effects = []
        let { progress } = entry
        for (const event of events) {
          const next = transition(progress, event)
          progress = next.progress
          effects.push(...next.effects)
        }
        const purge = effects.some(({ type }) => type === 'purge')
        const hasReceipt = purge || entry.purged
        const leaves = facts.leaving === true && effects.some(({ type }) => type === 'put-packet')
        const news =
          purge || leaves || [facts.official, facts.status, facts.supplement, facts.double].some((fact) => fact !== undefined)
        // The feed says everything at least once more: what is known already costs no write.
        if (!news && JSON.stringify(progress) === JSON.stringify(entry.progress)) return undefined
        return {
          progress,
          ...(leaves ? { leaving: true } : {}),
          ...(purge && facts.receipt !== undefined ? { receipt: facts.receipt } : {}),
          ...(hasReceipt && facts.official !== undefined ? { official: facts.official } : {}),
          ...(hasReceipt && facts.status !== undefined ? { status: facts.status } : {}),
          ...(hasReceipt && facts.supplement !== undefined ? { supplement: facts.supplement } : {}),
          ...(hasReceipt && facts.double !== undefined ? { double: facts.double } : {}),
        }
      },
      facts.carry,
    )
    return changed.ok ? ok({ ...changed.value, effects }) : changed
  }

  const consign = createConsignments(options)
  const post = (entry: SealedEntry, packet: Packet): Promise<Result<PacketAnswer, CallFault>> =>
    goesTogether(entry.progress.attempt) ? consign(packet, entry.sealed ?? []) : http.postParcel(packet, [])

  const fail = (packetId: string, failure: Failure) =>
    advance(packetId, [{ type: 'failed', now: now(), random: random(), holder, failure }])

  /** What an answer about a packet means; `held` is false for updates which nobody asked for. */
  const apply = async (answer: PacketAnswer, held: boolean): Promise<Result<Advance, ChangeFault>> => {
    const { packetId, state } = answer
    const said = JSON.stringify(answer)
    const before = saidLast.get(packetId)
    if (!held && before?.said === said) return ok({ progress: before.progress, effects: [] })
    const events: OutboxEvent[] = []
    const facts: Parameters<typeof advance>[2] = {}
    if (answer.official !== undefined) facts.official = answer.official
    if (answer.status !== undefined) facts.status = answer.status
    if (answer.double !== undefined) facts.double = answer.double
    if (answer.supplement !== undefined) facts.supplement = answer.supplement
    if (answer.receipt !== undefined) {
      const receipt = genuine.get(answer.receipt) ?? (await options.verifyReceipt(answer.receipt))
      if (!receipt.ok) return fail(packetId, { kind: 'unreadable-answer' })
      remember(answer.receipt, receipt)
      facts.receipt = receipt.value
      events.push({ type: 'received' })
    } else if (state === 'waiting-for-attachments') {
      // Asked by nobody it only says that the gateway has a part: whether this store knows the packet, the store says.
      if (held) events.push({ type: 'expect-attachments', now: now(), random: random(), holder, missing: answer.missing })
    } else if (state === 'received') {
      return fail(packetId, { kind: 'unreadable-answer' })
    } else if (state === 'taken-back') {
      events.push({ type: 'recalled', holder })
    }
    if (state === 'accepted') events.push({ type: 'accepted' })
    if (state === 'refused') events.push({ type: 'refused' })
    const applied = await advance(packetId, events, facts)
    // A genuine receipt of another packet says nothing about this one.
    if (!applied.ok && applied.error.type === 'receipt-mismatch') return fail(packetId, { kind: 'unreadable-answer' })
    if (applied.ok && held && answer.receipt === undefined && state === 'accepted') {
      return fail(packetId, { kind: 'unreadable-answer' })
    }
    if (applied.ok && facts.receipt !== undefined) {
      saidLast.delete(packetId)
      saidLast.set(packetId, { said, progress: applied.value.progress })
      const [oldest] = saidLast.keys()
      if (saidLast.size > rememberedReceipts && oldest !== undefined) saidLast.delete(oldest)
    }
    return applied
  }

  /** Several at a time where the link allows. The first failure keeps the others from starting another request. */
  const uploadAll = async (
    { packetId, attachments }: SealedEntry,
    missing: Extract<Effect, { type: 'upload' }>['missing'],
  ): Promise<Result<void, CallFault>> => {
    const left = [...missing]
    let failed: Result<void, CallFault> = ok(undefined)
    let mine = true

    const acknowledged = (attachmentId: string, { offset, ...transfer }: Acknowledged) => {
      link.current = noteTransfer(link.current, transfer)
      options.onContact()
      outbox.reportBytes(packetId, attachmentId, offset)
      advance(packetId, [{ type: 'renew', now: now(), holder, progressed: true }]).then((renewed) => {
        if (!renewed.ok) return
        const { state } = renewed.value.progress
        mine &&= state.name === 'uploading' && state.holder === holder
      })
    }

    const lane = async () => {
      for (let next = left.shift(); next !== undefined && failed.ok && mine; next = left.shift()) {
        const { attachmentId, offset } = next
        const attachment = attachments.find((one) => one.attachmentId === attachmentId)
        const uploaded: Result<void, CallFault> =
          attachment === undefined
            ? err({ type: 'call-failed', failure: { kind: 'unreadable-answer' } })
            : await uploadAttachment({
                packetId,
                attachment,
                offset,
                store: outbox,
                http,
                clock: options.clock,
                pace: options.pace,
                goOn: () => failed.ok && mine,
                onAcknowledged: (transfer) => acknowledged(attachmentId, transfer),
              })
        if (!uploaded.ok && failed.ok) failed = uploaded
      }
    }
    await Promise.all(Array.from({ length: Math.min(left.length, attachmentLanes(link.current)) }, lane))
    return failed.ok && !mine ? err({ type: 'stopped' }) : failed
  }

  const perform = async (entry: SealedEntry, effect: Effect): Promise<Result<Advance, ChangeFault | CallFault>> => {
    const { packetId } = entry
    const nothing = ok({ progress: entry.progress, effects: [] })
    switch (effect.type) {
      case 'purge':
        return nothing
      case 'authenticate':
        http.forgetToken()
        return nothing
      case 'put-packet': {
        if (entry.packet === undefined) {
          return fail(packetId, { kind: 'rejected', reason: 'attachment-bytes-missing', detail: 'packet', findings: [] })
        }
        const answer = await post(entry, entry.packet)
        if (!answer.ok) return answer
        options.onContact()
        return answer.value.packetId === packetId ? apply(answer.value, true) : fail(packetId, { kind: 'unreadable-answer' })
      }
      case 'ask': {
        const answer = await http.getPacket(packetId)
        if (!answer.ok) return answer
        options.onContact()
        return answer.value.packetId === packetId ? apply(answer.value, true) : fail(packetId, { kind: 'unreadable-answer' })
      }
      case 'recall': {
        const answer = await http.recallPacket(packetId)
        if (!answer.ok) return answer
        options.onContact()
        return answer.value.packetId === packetId ? apply(answer.value, true) : fail(packetId, { kind: 'unreadable-answer' })
      }
      case 'upload': {
        const uploaded = await uploadAll(entry, effect.missing)
        return uploaded.ok ? advance(packetId, [{ type: 'uploaded', now: now(), holder }]) : uploaded
      }
    }
  }

  const failed = async (packetId: string, { failure }: Extract<CallFault, { type: 'call-failed' }>): Promise<Effect[]> => {
    if (failure.kind === 'network') options.onLost()
    if (failure.kind === 'station-refused') options.onStationRefused()
    const next = await fail(packetId, failure)
    return next.ok ? next.value.effects : []
  }

  /** One claim and all that follows from it. Resolves when the entry rests again; false when the store did not even take the claim. */
  const send = async (packetId: string): Promise<boolean> => {
    // Without a token nothing leaves, and the clerk may still take the dossier back. With one, the claim says that it leaves now.
    const authorised = await http.authorise()
    const refusal = authorised.ok ? undefined : authorised.error
    if (refusal?.type === 'stopped') return true
    const leaving = refusal === undefined
    const carry = carriedWithPacket(options.pace.chunkSize)
    const claimed = await advance(packetId, [{ type: 'claim', now: now(), holder }], { leaving, ...(leaving ? { carry } : {}) })
    if (!claimed.ok) return claimed.error.type === 'not-found'
    let inHand = claimed.value.entry
    let stopRenewing = () => {}
    const renewLater = () => {
      stopRenewing = options.clock.after(leaseMs / 3, () => {
        advance(packetId, [{ type: 'renew', now: now(), holder, progressed: false }])
        renewLater()
      })
    }
    renewLater()
    try {
      let { effects } = claimed.value
      if (refusal !== undefined && effects.length > 0) effects = await failed(packetId, refusal)
      while (effects.length > 0) {
        const [effect, ...rest] = effects
        if (effect === undefined) return true
        // Done by the store, in the transaction that wrote the receipt.
        if (effect.type === 'purge') {
          effects = rest
          continue
        }
        const entry = inHand === undefined ? await outbox.read(packetId) : ok(inHand)
        inHand = undefined
        if (!entry.ok) return false
        const done = await perform(entry.value, effect)
        if (done.ok) {
          effects = [...rest, ...done.value.effects]
        } else if (done.error.type === 'call-failed') {
          effects = await failed(packetId, done.error)
        } else {
          // Stopped, or the store failed: the lease ends by itself and the entry goes again.
          return done.error.type === 'stopped'
        }
      }
      return true
    } finally {
      stopRenewing()
    }
  }

  return { send, apply, advance }
}

export type Sender = ReturnType<typeof createSender>
