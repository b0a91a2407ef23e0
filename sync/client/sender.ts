/**
 * Performs the engine's effects for one entry at a time: asks the machine, does what it says, tells it what came of it.
 * Every decision is the machine's, and is durable before the next effect begins.
 */
import type { AgencyStatus, OfficialCode, PacketAnswer } from '../../contracts/gateway-api.ts'
import type { OutboxProgress } from '../../contracts/outbox.ts'
import { ok, type Result } from '../../contracts/result.ts'
import type { StationDescription } from '../../contracts/station-api.ts'
import type { Failure } from '../engine/failures.ts'
import { type Effect, leaseMs, type OutboxEvent, transition } from '../engine/outbox-machine.ts'
import { type VerifiedReceipt, verifyReceipt } from '../packet/receipt-codec.ts'
import type { NotFound, OutboxChange, SealedEntry, StoreFault, Vault } from '../vault/vault-api.ts'
import { uploadAttachment } from './attachment-upload.ts'
import type { CallFault, GatewayHttp } from './gateway-http.ts'

type PinnedKeys = NonNullable<StationDescription['enrolment']>['keys']

export type SenderOptions = {
  vault: Pick<Vault, 'outbox'>
  http: GatewayHttp
  pinned: PinnedKeys
  holder: string
  now: () => number
  random: () => number
  uploadChunkSize: number
  onContact: () => void
  onLost: () => void
  onStationRefused: () => void
}

type ChangeFault = StoreFault | NotFound | { type: 'receipt-mismatch' }
type Advance = { progress: OutboxProgress; effects: Effect[] }

export const createSender = (options: SenderOptions) => {
  const { vault, http, holder, now, random } = options
  const { outbox } = vault

  /** Feeds events to the machine in one transaction and gives back the effects of all of them. */
  const advance = async (
    packetId: string,
    events: OutboxEvent[],
    facts: { receipt?: VerifiedReceipt; official?: OfficialCode; status?: AgencyStatus } = {},
  ): Promise<Result<Advance, ChangeFault>> => {
    let effects: Effect[] = []
    const changed = await outbox.change(packetId, (entry): OutboxChange | undefined => {
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
      return {
        progress,
        ...(purge && facts.receipt !== undefined ? { receipt: facts.receipt } : {}),
        ...(hasReceipt && facts.official !== undefined ? { official: facts.official } : {}),
        ...(hasReceipt && facts.status !== undefined ? { status: facts.status } : {}),
      }
    })
    return changed.ok ? ok({ progress: changed.value.progress, effects }) : changed
  }

  /** Notes durably that the packet leaves now; false when it is no longer this holder's to send. */
  const leave = async (packetId: string): Promise<Result<boolean, ChangeFault>> => {
    let mine = false
    const changed = await outbox.change(packetId, ({ progress }): OutboxChange | undefined => {
      mine = progress.state.name === 'sending' && progress.state.holder === holder
      return mine ? { progress, leaving: true } : undefined
    })
    return changed.ok ? ok(mine) : changed
  }

  const fail = (packetId: string, failure: Failure) =>
    advance(packetId, [{ type: 'failed', now: now(), random: random(), holder, failure }])

  /** What an answer about a packet means; `held` is false for updates which nobody asked for. */
  const apply = async (answer: PacketAnswer, held: boolean): Promise<Result<Advance, ChangeFault>> => {
    const { packetId, state } = answer
    const events: OutboxEvent[] = []
    const facts: Parameters<typeof advance>[2] = {}
    if (answer.official !== undefined) facts.official = answer.official
    if (answer.status !== undefined) facts.status = answer.status
    if (answer.receipt !== undefined) {
      const receipt = await verifyReceipt(answer.receipt, options.pinned.receipts)
      if (!receipt.ok) return fail(packetId, { kind: 'unreadable-answer' })
      facts.receipt = receipt.value
      events.push({ type: 'received' })
    } else if (state === 'waiting-for-attachments') {
      if (!held) return ok({ progress: { state: { name: 'queued' }, attempt: 0, reuploads: 0 }, effects: [] })
      events.push({ type: 'expect-attachments', now: now(), random: random(), holder, missing: answer.missing })
    } else if (state === 'received') {
      return fail(packetId, { kind: 'unreadable-answer' })
    }
    if (state === 'accepted') events.push({ type: 'accepted' })
    if (state === 'refused') events.push({ type: 'refused' })
    const applied = await advance(packetId, events, facts)
    // A genuine receipt of another packet says nothing about this one.
    if (!applied.ok && applied.error.type === 'receipt-mismatch') return fail(packetId, { kind: 'unreadable-answer' })
    if (applied.ok && held && answer.receipt === undefined && state === 'accepted') {
      return fail(packetId, { kind: 'unreadable-answer' })
    }
    return applied
  }

  const perform = async (entry: SealedEntry, effect: Effect): Promise<Result<Advance, ChangeFault | CallFault>> => {
    const { packetId } = entry
    const nothing = ok({ progress: entry.progress, effects: [] })
    switch (effect.type) {
      case 'purge':
        // Done by the store, in the transaction that wrote the receipt.
        return nothing
      case 'authenticate':
        http.forgetToken()
        return nothing
      case 'put-packet': {
        if (entry.packet === undefined) {
          return fail(packetId, { kind: 'rejected', reason: 'attachment-bytes-missing', detail: 'packet', findings: [] })
        }
        // Without a token nothing leaves, and the clerk may still take the dossier back.
        const authorised = await http.authorise()
        if (!authorised.ok) return authorised
        const leaving = await leave(packetId)
        if (!leaving.ok) return leaving
        if (!leaving.value) return nothing
        const answer = await http.putPacket(packetId, entry.packet)
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
      case 'upload': {
        for (const { attachmentId } of effect.missing) {
          const attachment = entry.attachments.find((one) => one.attachmentId === attachmentId)
          if (attachment === undefined) return fail(packetId, { kind: 'unreadable-answer' })
          const uploaded = await uploadAttachment({
            packetId,
            attachment,
            store: outbox,
            http,
            firstChunkSize: options.uploadChunkSize,
            onOffset: (offset) => {
              options.onContact()
              outbox.reportBytes(packetId, attachmentId, offset)
              if (offset > 0) advance(packetId, [{ type: 'renew', now: now(), holder, progressed: true }])
            },
          })
          if (!uploaded.ok) return uploaded
        }
        return advance(packetId, [{ type: 'uploaded', now: now(), holder }])
      }
    }
  }

  /** One claim and all that follows from it. Resolves when the entry rests again. */
  const send = async (packetId: string): Promise<void> => {
    const claimed = await advance(packetId, [{ type: 'claim', now: now(), holder }])
    if (!claimed.ok) return
    const renewal = setInterval(() => {
      advance(packetId, [{ type: 'renew', now: now(), holder, progressed: false }])
    }, leaseMs / 3)
    try {
      let effects = claimed.value.effects
      while (effects.length > 0) {
        const [effect, ...rest] = effects
        if (effect === undefined) return
        const entry = await outbox.read(packetId)
        if (!entry.ok) return
        const done = await perform(entry.value, effect)
        if (done.ok) {
          effects = [...rest, ...done.value.effects]
        } else if (done.error.type === 'call-failed') {
          if (done.error.failure.kind === 'network') options.onLost()
          const next = await fail(packetId, done.error.failure)
          effects = next.ok ? next.value.effects : []
        } else if (done.error.type === 'station-refused') {
          options.onStationRefused()
          await fail(packetId, { kind: 'rejected', reason: done.error.reason, detail: 'station', findings: [] })
          return
        } else {
          // Stopped, or the store failed: the lease ends by itself and the entry goes again.
          return
        }
      }
    } finally {
      clearInterval(renewal)
    }
  }

  return { send, apply, advance }
}

export type Sender = ReturnType<typeof createSender>
