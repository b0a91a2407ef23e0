/** The vault: the one database of this kiosk and its one owner. What it does is described in vault-api.ts. */
import { err, ok, type Result } from '../../contracts/result.ts'
import { createAttachments } from './attachments.ts'
import { createCatalogueStore } from './catalogue-store.ts'
import { createCourierExport } from './courier-export.ts'
import { openDatabase, type Sentinel, type TramDatabase } from './database.ts'
import { createDoubles } from './doubles.ts'
import { createDrafts } from './drafts.ts'
import { createDraftsInHand } from './drafts-in-hand.ts'
import { createFinish } from './finish.ts'
import { createHandOver } from './hand-over.ts'
import { oneOpening } from './one-opening.ts'
import { createOperators } from './operators.ts'
import { createOutboxStore } from './outbox-store.ts'
import { createOutboxView } from './outbox-view.ts'
import type { StretchPin } from './pin-stretch.ts'
import { createRecovery } from './recovery.ts'
import { createRescueNote, isLookedThrough, isSound, rescueStore, settledStore } from './rescue.ts'
import { createRetention } from './retention.ts'
import { guarded } from './store-faults.ts'
import { createSupplements } from './supplements.ts'
import { createTakeBack } from './take-back.ts'
import type { OpenFault, OpenVault, VaultOptions } from './vault-api.ts'
import { createVisits } from './visits.ts'

export type * from './vault-api.ts'

/** 64 MiB, three passes: 0.34 s in WebAssembly on a small machine (RFC 9106 section 4, second choice). */
const defaultPinCost = { memoryKib: 65_536, iterations: 3 }

/** Argon2id is loaded when it is first needed: a page that has a worker for it never needs it. */
const stretchHere: StretchPin = async (...asked) => (await import('./pin-stretch.ts')).stretchPin(...asked)

const sweepEveryMs = 10 * 60_000

const pageSentinel = (): Sentinel | undefined => {
  try {
    return typeof localStorage === 'undefined' ? undefined : localStorage
  } catch {
    return undefined
  }
}

const openTimeoutMs = 10_000

/** The store as it lies there. */
const openPresent = async (options: VaultOptions): Promise<Result<TramDatabase, OpenFault>> => {
  const base = options.databaseName ?? 'tram'
  const name = typeof indexedDB === 'undefined' ? ok(base) : await guarded(() => settledStore(base, options.watchRescue))
  if (!name.ok) return name
  return openDatabase({
    name: name.value,
    acceptReset: options.acceptReset ?? false,
    openTimeoutMs: options.openTimeoutMs ?? openTimeoutMs,
    sentinel: options.sentinel ?? pageSentinel(),
  })
}

/** The store itself, found sound. */
const openStore = async (options: VaultOptions): Promise<Result<TramDatabase, OpenFault>> => {
  const { mended } = options
  const rescued = async () => {
    const made = await rescueStore(options.databaseName ?? 'tram', mended, options.watchRescue)
    return made.ok ? openPresent(options) : made
  }
  let opened = await (options.rescue === true ? rescued() : openPresent(options))
  if (!opened.ok) return opened
  if (mended !== undefined) {
    const present = opened.value
    const looked = await guarded(() => isLookedThrough(present, mended))
    if (!looked.ok || !looked.value) {
      present.close({ disableAutoOpen: true })
      opened = await rescued()
      if (!opened.ok) return opened
    }
  }
  if (await isSound(opened.value)) return opened
  opened.value.close({ disableAutoOpen: true })
  return err({ type: 'store-broken', detail: 'damaged' })
}

export const openVault: OpenVault = async (options) => {
  const now = options.now ?? (() => Date.now())
  const patienceMs = options.openTimeoutMs ?? openTimeoutMs
  const opened = await oneOpening(options.databaseName ?? 'tram', patienceMs, () => openStore(options))
  if (!opened.ok) return opened
  const database = opened.value
  const operators = createOperators(database, options.station, {
    pinCost: options.pinCost ?? defaultPinCost,
    stretch: options.stretch ?? stretchHere,
    now,
  })
  const inHand = createDraftsInHand(database, operators)
  const { inOrder, ...drafts } = createDrafts(database, operators, inHand, now)
  const { hashOf, findDoubles } = createDoubles(database, operators, now)
  const finishing = createFinish(database, options.station, operators, { inOrder, inHand, hashOf }, now)
  const { sweepDrafts } = createRetention(database, options.station)
  const { sweepVisits, ...visits } = createVisits(database, options.station, operators)
  const sweep = () => {
    void sweepDrafts()
    void sweepVisits()
  }
  const sweeping = setInterval(sweep, sweepEveryMs)
  sweep()
  return ok({
    sweepDrafts,
    findDoubles,
    ...createCourierExport(database),
    session: () => operators.session()?.operator,
    onSession: operators.onSession,
    listOperators: operators.listOperators,
    createOperator: operators.createOperator,
    signIn: operators.signIn,
    lock: operators.lock,
    ...createRecovery(database, options.station, operators, now),
    ...createHandOver(database, operators),
    ...drafts,
    ...visits,
    ...createAttachments(database, operators, inHand),
    ...finishing,
    ...createTakeBack(database, operators, now),
    ...createSupplements(database, options.station, operators, { inOrder, finish: finishing.finish }, now),
    ...createOutboxView(database, operators),
    ...createRescueNote(database),
    outbox: createOutboxStore(database),
    catalogue: createCatalogueStore(database),
    close: () => {
      clearInterval(sweeping)
      operators.lock()
      database.close({ disableAutoOpen: true })
    },
  })
}
