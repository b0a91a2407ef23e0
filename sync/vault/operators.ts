/**
 * Operators of this machine and the session of the one who is signed in.
 *
 * KEK = HKDF-SHA256(bindToDevice(Argon2id(PIN, salt))) (RFC 9106, RFC 5869): neither the PIN without the machine nor the machine
 * without the PIN opens anything. The KEK wraps a random key of the operator, which wraps the data key of each dossier.
 * Lockout: failures are counted on disk BEFORE a PIN is tried, so killing the browser forgets none. The wait runs on a clock that
 * only goes forward, from the last failure or from the start of the page: neither restart nor a changed clock shortens it.
 */
import { argon2id } from 'hash-wasm'
import { err, ok, type Result } from '../../contracts/result.ts'
import type { StationApi } from '../../contracts/station-api.ts'
import { type Bytes, fromBase64Url, type SubtleKey, toBase64Url, toUtf8 } from '../packet/base64url.ts'
import type { OperatorRow, TramDatabase } from './database.ts'
import { importBoxKey, openBox, sealBox } from './sealed-box.ts'
import { guarded } from './store-faults.ts'
import type { CreateOperatorFault, Operator, SignInFault, StationGone, StoreFault } from './vault-api.ts'

export type Session = { operator: Operator; key: SubtleKey }

export type OperatorOptions = {
  pinCost: { memoryKib: number; iterations: number }
  now: () => number
  monotonicNow: () => number
}

const freeAttempts = 5
const firstWaitMs = 30_000
const longestWaitMs = 15 * 60_000

export const lockoutWaitMs = (failures: number): number =>
  failures < freeAttempts ? 0 : Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(failures - freeAttempts, 10))

const isWeakPin = (pin: string): boolean => {
  if (!/^\d{6,32}$/.test(pin)) return true
  const steps = new Set(Array.from(pin.slice(1), (digit, at) => Number(digit) - Number(pin.charAt(at))))
  // 111111, 123456, 987654: the first that anybody tries.
  return steps.size === 1 && [0, 1, -1].some((step) => steps.has(step))
}

const wrapPurpose = (operatorId: string) => `tram operator key ${operatorId}`

export const createOperators = (database: TramDatabase, station: StationApi, options: OperatorOptions) => {
  let session: Session | undefined
  const listeners = new Set<(operator: Operator | undefined) => void>()
  const openedAt = options.monotonicNow()
  const lastFailure = new Map<string, { failures: number; at: number }>()
  let queue: Promise<unknown> = Promise.resolve()

  const setSession = (next: Session | undefined) => {
    session = next
    for (const listener of listeners) listener(next?.operator)
  }

  const bind = async (input: Bytes): Promise<Result<Bytes, StationGone>> => {
    const answer = await station.call('bindToDevice', { input: toBase64Url(input) })
    if (!answer.ok) return answer
    const output = fromBase64Url(answer.value.output)
    return output === undefined ? err({ type: 'station-unavailable', detail: 'bindToDevice' }) : ok(output)
  }

  const deviceCheck = async (): Promise<Result<string, StationGone>> => {
    const bound = await bind(new Uint8Array(await crypto.subtle.digest('SHA-256', toUtf8('tram device check'))))
    return bound.ok ? ok(toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', bound.value)))) : bound
  }

  const deriveKek = async (
    pin: string,
    row: Pick<OperatorRow, 'operatorId' | 'salt' | 'cost'>,
  ): Promise<Result<SubtleKey, StationGone>> => {
    const stretched = await argon2id({
      password: pin,
      salt: row.salt,
      parallelism: 1,
      iterations: row.cost.iterations,
      memorySize: row.cost.memoryKib,
      hashLength: 32,
      outputType: 'binary',
    })
    const bound = await bind(Uint8Array.from(stretched))
    if (!bound.ok) return bound
    const material = await crypto.subtle.importKey('raw', bound.value, 'HKDF', false, ['deriveKey'])
    const info = toUtf8(`tram operator kek ${row.operatorId}`)
    return ok(
      await crypto.subtle.deriveKey(
        { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info },
        material,
        { name: 'AES-GCM', length: 256 },
        false,
        ['encrypt', 'decrypt'],
      ),
    )
  }

  const waitLeft = (row: OperatorRow): number => {
    const wait = lockoutWaitMs(row.failures)
    if (wait === 0) return 0
    const seen = lastFailure.get(row.operatorId)
    // Failures counted by another window or before a restart: the wait starts when this page first could know of them.
    const since = seen === undefined ? openedAt : seen.failures === row.failures ? seen.at : options.monotonicNow()
    lastFailure.set(row.operatorId, { failures: row.failures, at: since })
    return Math.max(0, wait - (options.monotonicNow() - since))
  }

  const listOperators = async (): Promise<Result<Operator[], StoreFault>> => {
    const rows = await guarded(() => database.operators.toArray())
    if (!rows.ok) return rows
    const operators = rows.value.toSorted((a, b) => a.createdAt.localeCompare(b.createdAt))
    return ok(operators.map(({ operatorId, name }) => ({ operatorId, name })))
  }

  const createOperator = async (request: { name: string; pin: string }): Promise<Result<Operator, CreateOperatorFault>> => {
    const name = request.name.normalize('NFC').trim().replace(/\s+/g, ' ')
    if (name.length === 0 || name.length > 100) return err({ type: 'name-invalid' })
    if (isWeakPin(request.pin)) return err({ type: 'pin-too-weak' })
    const operatorId = crypto.randomUUID()
    const salt = crypto.getRandomValues(new Uint8Array(16))
    const kek = await deriveKek(request.pin, { operatorId, salt, cost: options.pinCost })
    if (!kek.ok) return kek
    const check = await deviceCheck()
    if (!check.ok) return check
    const key = crypto.getRandomValues(new Uint8Array(32))
    const wrappedKey = await sealBox(kek.value, wrapPurpose(operatorId), key)
    key.fill(0)
    const written = await guarded(() =>
      database.transaction('rw', database.operators, async (): Promise<'written' | 'locked' | 'name-taken'> => {
        if (session === undefined && (await database.operators.count()) > 0) return 'locked'
        if ((await database.operators.where('name').equals(name).count()) > 0) return 'name-taken'
        const createdAt = new Date(options.now()).toISOString()
        await database.operators.add({
          operatorId,
          name,
          salt,
          cost: { ...options.pinCost },
          wrappedKey,
          deviceCheck: check.value,
          failures: 0,
          createdAt,
        })
        return 'written'
      }),
    )
    if (!written.ok) return written
    return written.value === 'written' ? ok({ operatorId, name }) : err({ type: written.value })
  }

  const trySignIn = async (request: { operatorId: string; pin: string }): Promise<Result<Operator, SignInFault>> => {
    const check = await deviceCheck()
    if (!check.ok) return check
    const counted = await guarded(() =>
      database.transaction(
        'rw',
        database.operators,
        async (): Promise<{ row: OperatorRow } | { waitMs: number } | 'not-found' | 'unreadable'> => {
          const row = await database.operators.get(request.operatorId)
          if (row === undefined) return 'not-found'
          if (row.deviceCheck !== check.value) return 'unreadable'
          const waitMs = waitLeft(row)
          if (waitMs > 0) return { waitMs }
          const failures = row.failures + 1
          await database.operators.update(row.operatorId, { failures })
          lastFailure.set(row.operatorId, { failures, at: options.monotonicNow() })
          return { row: { ...row, failures } }
        },
      ),
    )
    if (!counted.ok) return counted
    const attempt = counted.value
    if (attempt === 'not-found' || attempt === 'unreadable') return err({ type: attempt })
    if ('waitMs' in attempt) return err({ type: 'locked-out', waitMs: attempt.waitMs })
    const { row } = attempt
    const forget = () => guarded(() => database.operators.update(row.operatorId, { failures: 0 }))

    const kek = await deriveKek(request.pin, row)
    if (!kek.ok) {
      // The PIN was not tried at all: give the attempt back.
      const restored = await guarded(() => database.operators.update(row.operatorId, { failures: row.failures - 1 }))
      return restored.ok ? kek : restored
    }
    const raw = await openBox(kek.value, wrapPurpose(row.operatorId), row.wrappedKey)
    if (raw === undefined) {
      lastFailure.set(row.operatorId, { failures: row.failures, at: options.monotonicNow() })
      const waitMs = lockoutWaitMs(row.failures)
      return waitMs > 0
        ? err({ type: 'locked-out', waitMs })
        : err({ type: 'wrong-pin', attemptsLeft: freeAttempts - row.failures })
    }
    const cleared = await forget()
    if (!cleared.ok) return cleared
    const operator = { operatorId: row.operatorId, name: row.name }
    const key = await importBoxKey(raw)
    raw.fill(0)
    setSession({ operator, key })
    return ok(operator)
  }

  return {
    session: () => session,
    onSession: (listener: (operator: Operator | undefined) => void) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    listOperators,
    createOperator,
    /** One attempt at a time. */
    signIn: (request: { operatorId: string; pin: string }): Promise<Result<Operator, SignInFault>> => {
      const attempt = queue.then(() => trySignIn(request))
      queue = attempt.catch(() => undefined)
      return attempt
    },
    lock: () => setSession(undefined),
  }
}

export type Operators = ReturnType<typeof createOperators>
