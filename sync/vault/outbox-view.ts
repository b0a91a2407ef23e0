/** Finished dossiers as screens show them. The label opens for the operator who made the dossier, for nobody else. */
import { ok, type Result } from '../../contracts/result.ts'
import { fromUtf8 } from '../packet/base64url.ts'
import type { OutboxRow, TramDatabase } from './database.ts'
import type { Operators, Session } from './operators.ts'
import { followOutbox } from './outbox-changes.ts'
import { bytesOfRow, canRecall, canTakeBack, dossierOf, sequenceOf } from './outbox-row.ts'
import { openBox } from './sealed-box.ts'
import { guarded } from './store-faults.ts'
import type { OutboxEntry, StoreFault, Vault } from './vault-api.ts'

export const entryLabelPurpose = (packetId: string) => `tram outbox label ${packetId}`

export const toEntry = (row: OutboxRow, label: string | undefined): OutboxEntry => ({
  packetId: row.packetId,
  slipCode: row.slipCode,
  procedureCode: row.procedureCode,
  procedureVersion: row.procedureVersion,
  training: row.training,
  counter: row.counter,
  queuedAt: row.queuedAt,
  progress: row.progress,
  ...bytesOfRow(row),
  operatorId: row.operatorId,
  canTakeBack: canTakeBack(row),
  canRecall: canRecall(row),
  kind: row.about?.kind ?? 'submit',
  dossierId: dossierOf(row),
  sequence: sequenceOf(row),
  ...(label === undefined ? {} : { label }),
  ...(row.rebuilt === undefined ? {} : { rebuilt: row.rebuilt }),
  ...(row.receivedAt === undefined ? {} : { receivedAt: row.receivedAt }),
  ...(row.official === undefined ? {} : { official: row.official }),
  ...(row.status === undefined ? {} : { status: row.status }),
  ...(row.receipt === undefined ? {} : { receipt: row.receipt }),
  ...(row.double === undefined ? {} : { double: row.double }),
  ...(row.deadlines === undefined ? {} : { deadlines: row.deadlines }),
  ...(row.supplement === undefined ? {} : { supplement: row.supplement }),
})

/** Newest first. */
const byAge = (a: OutboxRow, b: OutboxRow): number =>
  a.queuedAt === b.queuedAt ? b.counter - a.counter : a.queuedAt < b.queuedAt ? 1 : -1

export const createOutboxView = (database: TramDatabase, operators: Operators) => {
  /** A label is opened once for each state of its row, while its operator works. */
  const createShown = () => {
    let shown = new WeakMap<OutboxRow, OutboxEntry>()
    let of: Session | undefined
    return async (rows: Iterable<OutboxRow>, session: Session | undefined): Promise<OutboxEntry[]> => {
      if (of !== session) shown = new WeakMap()
      of = session
      const known = shown
      const entries: OutboxEntry[] = []
      for (const row of [...rows].toSorted(byAge)) {
        let entry = known.get(row)
        if (entry === undefined) {
          const mine = session !== undefined && session.operator.operatorId === row.operatorId
          const label = mine ? await openBox(session.key, entryLabelPurpose(row.packetId), row.label) : undefined
          entry = toEntry(row, label === undefined ? undefined : fromUtf8(label))
          known.set(row, entry)
        }
        entries.push(entry)
      }
      return entries
    }
  }

  const listOutbox = async (): Promise<Result<OutboxEntry[], StoreFault>> => {
    const rows = await guarded(() => database.outbox.toArray())
    return rows.ok ? ok(await createShown()(rows.value, operators.session())) : rows
  }

  const observeOutbox: Vault['observeOutbox'] = (listener, which = 'all') => {
    const show = createShown()
    let rows: ReadonlyMap<string, OutboxRow> | undefined
    let turn = 0
    let stopped = false
    const tell = () => {
      if (rows === undefined) return
      turn += 1
      const mine = turn
      show(rows.values(), operators.session()).then((entries) => {
        if (!stopped && mine === turn) listener(entries)
      })
    }
    const offRows = followOutbox(database, which, (found) => {
      rows = found
      tell()
    })
    const offSession = operators.onSession(tell)
    return () => {
      stopped = true
      offSession()
      offRows()
    }
  }

  return { listOutbox, observeOutbox }
}
