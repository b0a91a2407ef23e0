/**
 * Operators of this machine and the session of the one who is signed in. How their keys are held: operator-keys.ts.
 * Invariants: a PIN is counted by the station before it is tried; signing in writes nothing that it needs, so a full disk does not stop it;
 * with each sign-in the copies for supervisors and for the gateway's desk are brought up to date, as far as they can be written.
 */
import type { OperatorRole } from '../../contracts/lease.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import type { StationApi, StationStanding } from '../../contracts/station-api.ts'
import type { Bytes, SubtleKey } from '../packet/base64url.ts'
import type { DeskCopy, OperatorRow, TramDatabase } from './database.ts'
import { createOperatorKeys } from './operator-keys.ts'
import type { PinCost, StretchPin } from './pin-stretch.ts'
import { importBoxKey } from './sealed-box.ts'
import { guarded } from './store-faults.ts'
import type { CreateOperatorFault, Operator, SignInFault, StationGone, StoreFault } from './vault-api.ts'
import { isWeakPin } from './weak-pin.ts'

export type Session = { operator: Operator; key: SubtleKey; privateKey: SubtleKey | undefined }

type SignInRequest = { operatorId: string; pin: string; signal?: AbortSignal }
export type OperatorOptions = { pinCost: PinCost; stretch: StretchPin; now: () => number }

/** Last recovery slot a copy was made for: never used again. */
const lastSlotKey = 'recoverySlot'

const isActive = (row: OperatorRow) => row.removedAt === undefined
const toOperator = ({ operatorId, name, role }: OperatorRow): Operator => ({ operatorId, name, role })

export const createOperators = (database: TramDatabase, station: StationApi, options: OperatorOptions) => {
  const keys = createOperatorKeys(station, options.stretch)
  let session: Session | undefined
  const listeners = new Set<(operator: Operator | undefined) => void>()
  let queue: Promise<unknown> = Promise.resolve()
  const instant = () => new Date(options.now()).toISOString()

  const setSession = (next: Session | undefined) => {
    session = next
    for (const listener of listeners) listener(next?.operator)
  }

  /** One attempt at a secret at a time. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const attempt = queue.then(work)
    queue = attempt.catch(() => undefined)
    return attempt
  }

  const activeRows = async (): Promise<OperatorRow[]> => (await database.operators.toArray()).filter(isActive)

  const listOperators = async (): Promise<Result<Operator[], StoreFault>> => {
    const rows = await guarded(activeRows)
    if (!rows.ok) return rows
    return ok(rows.value.toSorted((a, b) => a.createdAt.localeCompare(b.createdAt)).map(toOperator))
  }

  const standing = async (): Promise<StationStanding | undefined> => {
    const answer = await station.call('standing', {})
    return answer.ok ? answer.value : undefined
  }

  /** The next free recovery slot and its public key, taken for good. */
  const takeSlot = async (recovery: StationStanding['recovery']): Promise<{ slot: number; publicKey: string } | undefined> => {
    if (recovery === null) return undefined
    const taken = await guarded(() =>
      database.transaction('rw', database.meta, async () => {
        const last = Number((await database.meta.get(lastSlotKey))?.value ?? 0)
        const slot = Math.max(last + 1, recovery.first)
        const publicKey = recovery.publicKeys[slot - recovery.first]
        if (publicKey === undefined) return undefined
        await database.meta.put({ key: lastSlotKey, value: slot })
        return { slot, publicKey }
      }),
    )
    return taken.ok ? taken.value : undefined
  }

  const newDeskCopy = async (operatorId: string, key: Bytes): Promise<DeskCopy | undefined> => {
    const slot = await takeSlot((await standing())?.recovery ?? null)
    const copy = slot && (await keys.makeDeskCopy(operatorId, key, slot.slot, slot.publicKey))
    return copy?.ok ? copy.value : undefined
  }

  const copiesForSupervisors = async (
    operatorId: string,
    key: Bytes,
    rows: OperatorRow[],
    held: Record<string, Bytes> = {},
  ): Promise<Record<string, Bytes>> => {
    const copies: Record<string, Bytes> = {}
    for (const { operatorId: supervisorId, role, publicKey } of rows.filter(isActive)) {
      if (role !== 'supervisor' || publicKey === undefined || supervisorId === operatorId) continue
      const copy = held[supervisorId] ?? (await keys.makeSupervisorCopy(operatorId, key, { operatorId: supervisorId, publicKey }))
      if (copy !== undefined) copies[supervisorId] = copy
    }
    return copies
  }

  /** For a new supervisor, of everybody whose key the one who is signed in holds. */
  const spreadCopies = async (supervisor: { operatorId: string; publicKey: string }): Promise<void> => {
    const mine = session
    if (mine?.privateKey === undefined) return
    for (const row of await activeRows()) {
      if (row.operatorId === supervisor.operatorId) continue
      const key = await keys.openSupervisorCopy(row, mine.operator.operatorId, mine.privateKey)
      const copy = key && (await keys.makeSupervisorCopy(row.operatorId, key, supervisor))
      key?.fill(0)
      if (copy === undefined) continue
      const { operatorId } = row
      await database.operators
        .where('operatorId')
        .equals(operatorId)
        .modify((each) => {
          each.heldBySupervisors = { ...each.heldBySupervisors, [supervisor.operatorId]: copy }
        })
    }
  }

  const createOperator = async (request: {
    name: string
    pin: string
    role?: OperatorRole
  }): Promise<Result<Operator, CreateOperatorFault>> => {
    const name = request.name.normalize('NFC').trim().replace(/\s+/g, ' ')
    if (name.length === 0 || name.length > 100) return err({ type: 'name-invalid' })
    if (isWeakPin(request.pin)) return err({ type: 'pin-too-weak' })
    const operatorId = crypto.randomUUID()
    const key = crypto.getRandomValues(new Uint8Array(32))
    const wrapped = await keys.wrapByPin(operatorId, request.pin, options.pinCost, key)
    if (!wrapped.ok) return wrapped
    const check = await keys.deviceCheck()
    if (!check.ok) return check
    const pair = await keys.makePair(operatorId, key)
    const rows = await guarded(activeRows)
    if (!rows.ok) return rows
    const heldBySupervisors = await copiesForSupervisors(operatorId, key, rows.value)
    const heldByDesk = await newDeskCopy(operatorId, key)
    await keys.settle(operatorId, key)
    key.fill(0)
    const written = await guarded(() =>
      database.transaction('rw', database.operators, async (): Promise<Operator | 'locked' | 'name-taken' | 'not-supervisor'> => {
        const first = (await activeRows()).length === 0
        const role = first ? 'supervisor' : (request.role ?? 'operator')
        if (session === undefined && !first) return 'locked'
        if (!first && role === 'supervisor' && session?.operator.role !== 'supervisor') return 'not-supervisor'
        if ((await database.operators.where('name').equals(name).count()) > 0) return 'name-taken'
        await database.operators.add({
          operatorId,
          name,
          role,
          ...wrapped.value,
          deviceCheck: check.value,
          failures: 0,
          createdAt: instant(),
          ...pair,
          heldBySupervisors,
          ...(heldByDesk === undefined ? {} : { heldByDesk }),
        })
        return { operatorId, name, role }
      }),
    )
    if (!written.ok) return written
    if (typeof written.value === 'string') return err({ type: written.value })
    if (written.value.role === 'supervisor') await guarded(() => spreadCopies({ operatorId, publicKey: pair.publicKey }))
    return ok(written.value)
  }

  /** The operator's key by PIN, and the row it belongs to. */
  const open = async (request: {
    operatorId: string
    pin: string
    signal?: AbortSignal
  }): Promise<Result<{ row: OperatorRow; key: Bytes }, SignInFault>> => {
    const check = await keys.deviceCheck()
    if (!check.ok) return check
    const found = await guarded(() => database.operators.get(request.operatorId))
    if (!found.ok) return found
    const row = found.value
    if (row === undefined) return err({ type: 'not-found' })
    if (row.removedAt !== undefined) return err({ type: 'removed' })
    if (row.deviceCheck !== check.value) return err({ type: 'unreadable' })
    const tried = await keys.openByPin(row, request.pin, request.signal)
    if (!tried.ok) return tried
    const { key, attemptsLeft, waitMs } = tried.value
    if (key === undefined) return err(waitMs > 0 ? { type: 'locked-out', waitMs } : { type: 'wrong-pin', attemptsLeft })
    await keys.settle(row.operatorId, key)
    return ok({ row, key })
  }

  /** What a sign-in brings up to date. Nothing here may keep anybody out. */
  const renewCopies = async (row: OperatorRow, key: Bytes): Promise<OperatorRow> => {
    const found = await guarded(activeRows)
    if (!found.ok) return row
    const rows = found.value
    const pair = row.publicKey === undefined ? await keys.makePair(row.operatorId, key) : {}
    const heldBySupervisors = await copiesForSupervisors(row.operatorId, key, rows, row.heldBySupervisors)
    const missing = row.heldByDesk === undefined || row.deskAsked === true
    const heldByDesk = missing ? await newDeskCopy(row.operatorId, key) : undefined
    const same = Object.keys(heldBySupervisors).join() === Object.keys(row.heldBySupervisors ?? {}).join()
    if (same && heldByDesk === undefined && row.publicKey !== undefined) return row
    const change = {
      ...pair,
      heldBySupervisors,
      failures: 0,
      ...(heldByDesk === undefined ? {} : { heldByDesk, deskAsked: false }),
    }
    const written = await guarded(() => database.operators.update(row.operatorId, change))
    return written.ok ? { ...row, ...change } : row
  }

  const signIn = async (request: SignInRequest): Promise<Result<Operator, SignInFault>> => {
    const opened = await open(request)
    if (!opened.ok) return opened
    const { key: raw } = opened.value
    const row = await renewCopies(opened.value.row, raw)
    const key = await importBoxKey(raw)
    raw.fill(0)
    const operator = toOperator(row)
    setSession({ operator, key, privateKey: await keys.openPrivateKey(row, key) })
    return ok(operator)
  }

  /** A new PIN for a key that was opened some other way; the copy for the desk is replaced with it. */
  const giveNewPin = async (row: OperatorRow, pin: string, key: Bytes): Promise<Result<void, StoreFault | StationGone>> => {
    const wrapped = await keys.wrapByPin(row.operatorId, pin, options.pinCost, key)
    if (!wrapped.ok) return wrapped
    const heldByDesk = await newDeskCopy(row.operatorId, key)
    const written = await guarded(() =>
      database.transaction('rw', database.operators, async () => {
        const current = await database.operators.get(row.operatorId)
        if (current === undefined || !isActive(current)) return
        const { heldByDesk: _used, deskAsked: _asked, ...rest } = current
        await database.operators.put({ ...rest, ...wrapped.value, failures: 0, ...(heldByDesk ? { heldByDesk } : {}) })
      }),
    )
    if (!written.ok) return written
    await keys.settle(row.operatorId, key)
    return ok(undefined)
  }

  return {
    session: () => session,
    onSession: (listener: (operator: Operator | undefined) => void) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    keys,
    inTurn,
    activeRows,
    listOperators,
    createOperator,
    open,
    giveNewPin,
    lastSlotKey,
    signIn: (request: SignInRequest) => inTurn(() => signIn(request)),
    lock: () => setSession(undefined),
  }
}

export type Operators = ReturnType<typeof createOperators>
