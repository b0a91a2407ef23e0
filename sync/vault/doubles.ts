/**
 * The same matter entered twice on this machine, by whomever: noticed before a dossier is finished, also against those already sent.
 *
 * Invariants
 * - What is kept of a matter is a keyed hash, for thirty days. Its key is random, one for the machine, and lies only wrapped to its
 *   operators: without a PIN and the machine nobody can even ask whether a citizen was here.
 * - Nothing is decided here: who is told decides.
 */
import { ok, type Result } from '../../contracts/result.ts'
import { type Bytes, fromBase64Url, toBase64Url, toHex, toUtf8 } from '../packet/base64url.ts'
import { unwrapKey, wrapKey } from '../packet/key-wrap.ts'
import type { OutboxRow, TramDatabase } from './database.ts'
import type { Operators, Session } from './operators.ts'
import { toEntry } from './outbox-view.ts'
import { guarded } from './store-faults.ts'
import type { OutboxEntry, StoreFault } from './vault-api.ts'

const rememberedMs = 30 * 86_400_000
const purpose = 'tram matter key'
const rowKey = (operatorId: string) => `matterKey:${operatorId}`

export const createDoubles = (database: TramDatabase, operators: Operators, now: () => number) => {
  let held: { operatorId: string; raw: Bytes } | undefined

  const wrapped = async (operatorId: string): Promise<string | undefined> => {
    const row = await database.meta.get(rowKey(operatorId))
    return row === undefined ? undefined : String(row.value)
  }

  /** Whoever works here and has no copy yet gets one from the first who has. */
  const spread = async (raw: Bytes): Promise<void> => {
    for (const { operatorId, publicKey, removedAt } of await database.operators.toArray()) {
      if (publicKey === undefined || removedAt !== undefined || (await wrapped(operatorId)) !== undefined) continue
      const copy = await wrapKey(publicKey, purpose, raw)
      if (copy !== undefined) await database.meta.put({ key: rowKey(operatorId), value: toBase64Url(copy) })
    }
  }

  const rawKey = async (session: Session): Promise<Bytes | undefined> => {
    const { operatorId } = session.operator
    if (held?.operatorId === operatorId) return held.raw
    if (session.privateKey === undefined) return undefined
    const mine = await wrapped(operatorId)
    if (mine === undefined) {
      const any = await database.meta.where('key').startsWith(rowKey('')).count()
      // A colleague has it, and gives it with the next dossier of theirs; until then the gateway is who notices.
      if (any > 0) return undefined
    }
    const copy = mine === undefined ? undefined : fromBase64Url(mine)
    const raw =
      mine === undefined
        ? crypto.getRandomValues(new Uint8Array(32))
        : copy && (await unwrapKey(session.privateKey, purpose, copy))
    if (raw === undefined) return undefined
    await spread(raw)
    held = { operatorId, raw }
    return raw
  }

  operators.onSession((session) => {
    if (held !== undefined && session?.operatorId !== held.operatorId) held = undefined
  })

  /** Undefined while this operator has no copy of the key. */
  const hashOf = async (session: Session, matter: string): Promise<string | undefined> => {
    const raw = await rawKey(session)
    if (raw === undefined) return undefined
    const key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
    return toHex(new Uint8Array(await crypto.subtle.sign('HMAC', key, toUtf8(matter))))
  }

  const withdrawn = async (row: OutboxRow): Promise<boolean> =>
    (await database.outbox
      .where('about.dossierId')
      .equals(row.dossierId)
      .filter(({ about }) => about?.kind === 'withdraw')
      .count()) > 0

  const findDoubles = async (matter: string): Promise<Result<OutboxEntry[], StoreFault>> => {
    const session = operators.session()
    if (session === undefined) return ok([])
    return guarded(async () => {
      const hash = await hashOf(session, matter)
      if (hash === undefined) return []
      const oldest = now() - rememberedMs
      await database.matters.where('at').below(oldest).delete()
      const same = await database.matters.where('hash').equals(hash).toArray()
      const rows = await database.outbox.bulkGet(same.map(({ packetId }) => packetId))
      const doubles: OutboxEntry[] = []
      for (const row of rows) {
        if (row === undefined || row.progress.state.name === 'refused' || (await withdrawn(row))) continue
        doubles.push(toEntry(row, undefined))
      }
      return doubles.toSorted((a, b) => b.queuedAt.localeCompare(a.queuedAt))
    })
  }

  return { hashOf, findDoubles }
}
export type Doubles = ReturnType<typeof createDoubles>
