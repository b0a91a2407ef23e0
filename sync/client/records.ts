/**
 * A store that has forgotten dossiers gets them back from the gateway's record of this station: their rows, not what is in them.
 * Invariant: only a record whose receipt is genuine counts as received; one that is not is left out and asked for again some other time.
 */
import type { Clock } from '../../contracts/clock.ts'
import type { PacketAnswer, PacketRecord } from '../../contracts/gateway-api.ts'
import type { Result } from '../../contracts/result.ts'
import type { ReceiptFault, VerifiedReceipt } from '../packet/receipt-codec.ts'
import { fitsRecord } from '../vault/forgotten-row.ts'
import type { GenuineRecord, OutboxStore } from '../vault/vault-api.ts'
import type { GatewayHttp } from './gateway-http.ts'

/**
 * An older gateway keeps no record, and a receipt that is not genuine is none a minute later. What was on its way when the store was lost
 * may come in after the record was read, and no longer than this: so each asking is read twice.
 */
const againMs = 10 * 60_000

export const createRecords = (options: {
  outbox: Pick<OutboxStore, 'readAsked' | 'takeRecords' | 'settleAsked'>
  http: Pick<GatewayHttp, 'records'>
  stationId: string
  clock: Pick<Clock, 'monotonic'>
  verifyReceipt: (jws: string) => Promise<Result<VerifiedReceipt, ReceiptFault>>
  /** What the record says of a dossier this store does know. */
  apply: (answer: PacketAnswer) => Promise<Result<unknown, { type: string }>>
}) => {
  const { outbox, http, stationId } = options
  let notBefore = Number.NEGATIVE_INFINITY
  /** The asking that was read once, and the one that `notBefore` is of. */
  let readOnce: number | undefined
  let latest: number | undefined

  const genuine = async (record: PacketRecord): Promise<GenuineRecord | undefined> => {
    const jws = record.packet.receipt
    if (jws === undefined) return record.packet.state === 'waiting-for-attachments' ? { record } : undefined
    const receipt = await options.verifyReceipt(jws)
    return receipt.ok && fitsRecord(record, receipt.value) ? { record, receipt: receipt.value } : undefined
  }

  /** Whether the asking is settled. */
  const read = async (asked: number): Promise<boolean> => {
    let whole = true
    for (let after: number | undefined = 0; after !== undefined; ) {
      const page = await http.records(after)
      if (!page.ok) return false
      const forgotten: GenuineRecord[] = []
      for (const record of page.value.records) {
        const applied = await options.apply(record.packet)
        if (applied.ok || applied.error.type !== 'not-found') {
          whole &&= applied.ok
          continue
        }
        const one = await genuine(record)
        if (one === undefined) whole = false
        else forgotten.push(one)
      }
      if (forgotten.length > 0 && !(await outbox.takeRecords(stationId, forgotten)).ok) return false
      after = page.value.next
    }
    if (!whole) return false
    if (readOnce !== asked) {
      readOnce = asked
      return false
    }
    return (await outbox.settleAsked(asked)).ok
  }

  return {
    /** With each contact; costs a look at the store when there is nothing to do. */
    keepUp: async (): Promise<void> => {
      const wanted = await outbox.readAsked()
      if (!wanted.ok || wanted.value === undefined) return
      const { asked } = wanted.value
      if (asked === latest && options.clock.monotonic() < notBefore) return
      latest = asked
      if (!(await read(asked))) notBefore = options.clock.monotonic() + againMs
    },
  }
}
