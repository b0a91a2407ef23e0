/**
 * Ways back in, without network, and ways out: a supervisor gives a new PIN, the gateway's desk reads out a code, the gateway removes somebody.
 * Invariants: the operator's key stays the same, so nobody's work is lost; a code is good for one slot, and its copy goes with its use.
 */
import type { LeaseRequest } from '../../contracts/lease.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import type { StationApi, StationStanding } from '../../contracts/station-api.ts'
import { parseRecoveryCode, recoveryChallengeOf, recoveryKeyPair } from '../packet/recovery-code.ts'
import type { OperatorRow, TramDatabase } from './database.ts'
import type { Operators } from './operators.ts'
import { importBoxKey } from './sealed-box.ts'
import { guarded } from './store-faults.ts'
import type { RecoverFault, ResetPinFault, StoreFault, Vault } from './vault-api.ts'
import { isWeakPin } from './weak-pin.ts'

/** Fewer free slots than this, and the next lease brings more. */
const slotsToSpare = 6

export const createRecovery = (database: TramDatabase, station: StationApi, operators: Operators, now: () => number) => {
  const { keys } = operators
  const removedListeners = new Set<() => void>()

  const resetPin = (request: {
    supervisorId: string
    supervisorPin: string
    operatorId: string
    newPin: string
  }): Promise<Result<void, ResetPinFault>> =>
    operators.inTurn(async () => {
      if (isWeakPin(request.newPin)) return err({ type: 'pin-too-weak' })
      const found = await guarded(() => database.operators.get(request.operatorId))
      if (!found.ok) return found
      if (found.value === undefined) return err({ type: 'not-found' })
      if (found.value.removedAt !== undefined) return err({ type: 'removed' })
      const opened = await operators.open({ operatorId: request.supervisorId, pin: request.supervisorPin })
      if (!opened.ok) return opened
      const { row: supervisor, key: supervisorKey } = opened.value
      if (supervisor.role !== 'supervisor') return err({ type: 'not-supervisor' })
      const privateKey = await keys.openPrivateKey(supervisor, await importBoxKey(supervisorKey))
      const own = request.operatorId === request.supervisorId
      const key = own
        ? supervisorKey
        : privateKey && (await keys.openSupervisorCopy(found.value, supervisor.operatorId, privateKey))
      if (key === undefined) return err({ type: 'not-held' })
      const given = await operators.giveNewPin(found.value, request.newPin, key)
      key.fill(0)
      supervisorKey.fill(0)
      return given
    })

  const enrolledAs = async (): Promise<
    Result<string, { type: 'station-unavailable'; detail: string } | { type: 'not-enrolled' }>
  > => {
    const described = await station.call('describe', {})
    if (!described.ok) return described
    return described.value.enrolment === null ? err({ type: 'not-enrolled' }) : ok(described.value.enrolment.stationId)
  }

  const recoveryChallenge: Vault['recoveryChallenge'] = async (operatorId) => {
    const stationId = await enrolledAs()
    if (!stationId.ok) return stationId
    const row = await guarded(() => database.operators.get(operatorId))
    if (!row.ok) return row
    if (row.value === undefined || row.value.removedAt !== undefined) return err({ type: 'not-found' })
    if (row.value.heldByDesk === undefined) return err({ type: 'not-held' })
    const noted = await guarded(() => database.operators.update(operatorId, { deskAsked: true }))
    // On a full disk the challenge is shown all the same: what is not noted is only that this code should not outlive its purpose.
    if (!noted.ok && noted.error.type !== 'disk-full') return noted
    return ok({ challenge: recoveryChallengeOf(stationId.value, row.value.heldByDesk.slot) })
  }

  const recoverWithCode = (request: { operatorId: string; code: string; newPin: string }): Promise<Result<void, RecoverFault>> =>
    operators.inTurn(async () => {
      const code = parseRecoveryCode(request.code)
      if (!code.ok) return code
      if (isWeakPin(request.newPin)) return err({ type: 'pin-too-weak' })
      const stationId = await enrolledAs()
      if (!stationId.ok) return stationId
      const found = await guarded(() => database.operators.get(request.operatorId))
      if (!found.ok) return found
      const row = found.value
      if (row === undefined) return err({ type: 'not-found' })
      if (row.removedAt !== undefined) return err({ type: 'removed' })
      if (row.heldByDesk === undefined) return err({ type: 'not-held' })
      const check = await keys.deviceCheck()
      if (!check.ok) return check
      if (row.deviceCheck !== check.value) return err({ type: 'unreadable' })
      const pair = await recoveryKeyPair(code.value, stationId.value, row.heldByDesk.slot)
      const tried = await keys.openDeskCopy(row, row.heldByDesk, pair.privateKey)
      if (!tried.ok) return tried
      const { key, attemptsLeft, waitMs } = tried.value
      if (key === undefined) return err(waitMs > 0 ? { type: 'locked-out', waitMs } : { type: 'wrong-pin', attemptsLeft })
      // The code was right, whatever becomes of the new PIN: a full disk locks nobody out.
      await keys.settle(row.operatorId, key)
      const given = await operators.giveNewPin(row, request.newPin, key)
      key.fill(0)
      return given
    })

  const obey = async (standing: StationStanding): Promise<Result<void, StoreFault>> => {
    const gone = new Set(standing.removedOperators)
    if (gone.size === 0) return ok(undefined)
    const written = await guarded(() =>
      database.transaction('rw', database.operators, async () => {
        const rows = await database.operators.toArray()
        const stay = rows.filter((row) => row.removedAt === undefined && !gone.has(row.operatorId))
        const oldest = stay.toSorted((a, b) => a.createdAt.localeCompare(b.createdAt))[0]
        const leaderless = oldest !== undefined && !stay.some(({ role }) => role === 'supervisor')
        for (const row of rows) {
          const held = Object.entries(row.heldBySupervisors ?? {})
          const heldBySupervisors = Object.fromEntries(held.filter(([supervisorId]) => !gone.has(supervisorId)))
          const removedNow = gone.has(row.operatorId) && row.removedAt === undefined
          const promoted = leaderless && row === oldest
          if (!removedNow && !promoted && held.length === Object.keys(heldBySupervisors).length) continue
          const { wrappedKey, heldByDesk, ...rest } = row
          const next: OperatorRow = removedNow
            ? { ...rest, heldBySupervisors, removedAt: new Date(now()).toISOString() }
            : { ...row, heldBySupervisors, ...(promoted ? { role: 'supervisor' } : {}) }
          await database.operators.put(next)
        }
      }),
    )
    // Whether or not it could be written down: the station lets them in no more, and nobody stays who is in.
    const present = operators.session()
    if (present !== undefined && gone.has(present.operator.operatorId)) for (const listener of removedListeners) listener()
    return written.ok ? ok(undefined) : written
  }

  const describeOperators = async (
    standing: StationStanding,
  ): Promise<Result<Pick<LeaseRequest, 'operators' | 'recoveryFrom'>, StoreFault>> => {
    const read = await guarded(() =>
      database.transaction('r', database.operators, database.meta, async () => ({
        rows: await operators.activeRows(),
        last: Number((await database.meta.get(operators.lastSlotKey))?.value ?? 0),
      })),
    )
    if (!read.ok) return read
    const { rows, last } = read.value
    const { recovery } = standing
    const next = Math.max(last + 1, recovery?.first ?? 1)
    const free = recovery === null ? 0 : recovery.first + recovery.publicKeys.length - next
    return ok({
      operators: rows.slice(0, 100).map(({ operatorId, name, role, heldByDesk }) => ({
        operatorId,
        name,
        role,
        ...(heldByDesk === undefined ? {} : { recoverySlot: heldByDesk.slot }),
      })),
      ...(free < slotsToSpare ? { recoveryFrom: next } : {}),
    })
  }

  return {
    resetPin,
    recoveryChallenge,
    recoverWithCode,
    obey,
    describeOperators,
    onRemoved: (listener: () => void) => {
      removedListeners.add(listener)
      return () => {
        removedListeners.delete(listener)
      }
    },
  }
}
