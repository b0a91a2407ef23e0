import 'fake-indexeddb/auto'
import { readFile } from 'node:fs/promises'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Result } from '../../contracts/result.ts'
import { fromBase64Url } from '../packet/base64url.ts'
import { parseRecoveryChallenge, parseRecoveryCode, recoveryCodeOf, recoveryKeyPair } from '../packet/recovery-code.ts'
import { TramDatabase } from './database.ts'
import { type StretchPin, stretchPin } from './pin-stretch.ts'
import { makeGatewayKeys, makeStation, type TestGatewayKeys } from './station.fixture.ts'
import type { Vault } from './vault.ts'
import { openVault } from './vault.ts'

const pinCost = { memoryKib: 64, iterations: 1 }
const [pinA, pinB, pinC, newPin] = ['604182', '719305', '338164', '902711']
const must = <T, E extends { type: string }>(result: Result<T, E>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

let keys: TestGatewayKeys
let made: Awaited<ReturnType<typeof makeStation>>
const vaults: Vault[] = []
let name = ''
let serial = 0

beforeAll(async () => {
  keys = await makeGatewayKeys()
})
beforeEach(async () => {
  made = await makeStation(keys)
  serial += 1
  name = `operators-${serial}`
})
afterEach(() => {
  vi.restoreAllMocks()
  for (const vault of vaults.splice(0)) vault.close()
})

const open = async (databaseName = name) => {
  const vault = must(await openVault({ station: made.station, databaseName, pinCost }))
  vaults.push(vault)
  return vault
}

const draftOf = { procedureCode: '1.001193', procedureVersion: '2025-07-01', content: { n: 1 }, label: 'T.V.M.', training: true }

/** The desk's own side: codes by slot, and the public keys the station gets with its lease. */
const codeOfSlot = (slot: number) => recoveryCodeOf(Uint8Array.from({ length: 12 }, (_, at) => (at * 31 + slot * 7) % 256))
const giveDeskKeys = async (first: number, count: number) => {
  const publicKeys: string[] = []
  for (let slot = first; slot < first + count; slot += 1) {
    publicKeys.push((await recoveryKeyPair(must(parseRecoveryCode(codeOfSlot(slot))), made.stationId, slot)).publicKey)
  }
  made.standing.recovery = { first, publicKeys }
}
const slotOf = (challenge: string) => must(parseRecoveryChallenge(challenge)).slot

/** A supervisor and somebody with a draft. */
const twoPeople = async (vault: Vault) => {
  const supervisor = must(await vault.createOperator({ name: 'Lò Thị Mẫu', pin: pinA }))
  must(await vault.signIn({ operatorId: supervisor.operatorId, pin: pinA }))
  const operator = must(await vault.createOperator({ name: 'Giàng A Thử', pin: pinB }))
  must(await vault.signIn({ operatorId: operator.operatorId, pin: pinB }))
  const { draftId } = must(await vault.createDraft(draftOf))
  vault.lock()
  return { supervisor, operator, draftId }
}

describe('a forgotten PIN', () => {
  it('is given anew by a supervisor of the point, and the drafts stay readable', async () => {
    const vault = await open()
    const { supervisor, operator, draftId } = await twoPeople(vault)
    expect([supervisor.role, operator.role]).toEqual(['supervisor', 'operator'])
    const request = { supervisorId: supervisor.operatorId, supervisorPin: pinA, operatorId: operator.operatorId, newPin }
    expect(await vault.resetPin({ ...request, supervisorPin: pinC })).toMatchObject({ error: { type: 'wrong-pin' } })
    expect(await vault.resetPin({ ...request, newPin: '111111' })).toMatchObject({ error: { type: 'pin-too-weak' } })
    const notOne = { supervisorId: operator.operatorId, supervisorPin: pinB, operatorId: supervisor.operatorId, newPin }
    expect(await vault.resetPin(notOne)).toMatchObject({ error: { type: 'not-supervisor' } })
    must(await vault.resetPin(request))
    expect(vault.session()).toBeUndefined()
    expect(await vault.signIn({ operatorId: operator.operatorId, pin: pinB })).toMatchObject({ error: { type: 'wrong-pin' } })
    must(await vault.signIn({ operatorId: operator.operatorId, pin: newPin }))
    expect(must(await vault.loadDraft(draftId)).content).toEqual({ n: 1 })
  })

  it('frees somebody who locked themselves out', async () => {
    const vault = await open()
    const { supervisor, operator } = await twoPeople(vault)
    for (let tries = 0; tries < 5; tries += 1) await vault.signIn({ operatorId: operator.operatorId, pin: pinC })
    expect(await vault.signIn({ operatorId: operator.operatorId, pin: pinB })).toMatchObject({ error: { type: 'locked-out' } })
    must(
      await vault.resetPin({ supervisorId: supervisor.operatorId, supervisorPin: pinA, operatorId: operator.operatorId, newPin }),
    )
    must(await vault.signIn({ operatorId: operator.operatorId, pin: newPin }))
  })

  it('reaches a later supervisor too, from whoever holds the copies', async () => {
    const vault = await open()
    const { supervisor, operator, draftId } = await twoPeople(vault)
    must(await vault.signIn({ operatorId: operator.operatorId, pin: pinB }))
    expect(await vault.createOperator({ name: 'Vàng Thị Thử', pin: pinC, role: 'supervisor' })).toMatchObject({
      error: { type: 'not-supervisor' },
    })
    must(await vault.signIn({ operatorId: supervisor.operatorId, pin: pinA }))
    const second = must(await vault.createOperator({ name: 'Vàng Thị Thử', pin: pinC, role: 'supervisor' }))
    vault.lock()
    must(await vault.resetPin({ supervisorId: second.operatorId, supervisorPin: pinC, operatorId: operator.operatorId, newPin }))
    must(await vault.signIn({ operatorId: operator.operatorId, pin: newPin }))
    expect(must(await vault.loadDraft(draftId)).content).toEqual({ n: 1 })
  })

  it('is recovered by a code read out by telephone, which opens nothing twice', async () => {
    await giveDeskKeys(1, 8)
    const vault = await open()
    const { operator, draftId } = await twoPeople(vault)
    const { challenge } = must(await vault.recoveryChallenge(operator.operatorId))
    const code = codeOfSlot(slotOf(challenge))
    const request = { operatorId: operator.operatorId, code, newPin }
    expect(await vault.recoverWithCode({ ...request, code: 'ABCD-EFGH' })).toMatchObject({ error: { type: 'code-mistyped' } })
    expect(await vault.recoverWithCode({ ...request, code: codeOfSlot(60) })).toMatchObject({
      error: { type: 'wrong-pin', attemptsLeft: 4 },
    })
    must(await vault.recoverWithCode({ ...request, code: code.toLowerCase().replaceAll('-', ' ') }))
    must(await vault.signIn({ operatorId: operator.operatorId, pin: newPin }))
    expect(must(await vault.loadDraft(draftId)).content).toEqual({ n: 1 })
    vault.lock()
    expect(await vault.recoverWithCode({ ...request, newPin: pinC })).toMatchObject({ error: { type: 'wrong-pin' } })
    const next = must(await vault.recoveryChallenge(operator.operatorId))
    expect(slotOf(next.challenge)).toBeGreaterThan(slotOf(challenge))
  })

  it('locks out whoever guesses codes', async () => {
    await giveDeskKeys(1, 8)
    const vault = await open()
    const { operator } = await twoPeople(vault)
    const { challenge } = must(await vault.recoveryChallenge(operator.operatorId))
    for (let slot = 20; slot < 25; slot += 1) {
      await vault.recoverWithCode({ operatorId: operator.operatorId, code: codeOfSlot(slot), newPin })
    }
    const right = { operatorId: operator.operatorId, code: codeOfSlot(slotOf(challenge)), newPin }
    expect(await vault.recoverWithCode(right)).toMatchObject({ error: { type: 'locked-out' } })
  })

  it('needs the machine as well as the desk', async () => {
    await giveDeskKeys(1, 8)
    const vault = await open()
    const { operator } = await twoPeople(vault)
    const { challenge } = must(await vault.recoveryChallenge(operator.operatorId))
    const { stationId } = made
    made = await makeStation(keys)
    Object.defineProperty(made, 'stationId', { value: stationId })
    const stolen = await open()
    const code = codeOfSlot(slotOf(challenge))
    expect(await stolen.recoverWithCode({ operatorId: operator.operatorId, code, newPin })).toMatchObject({
      error: { type: 'unreadable' },
    })
  })

  it('replaces a code that was asked for and not used with the next sign-in', async () => {
    await giveDeskKeys(1, 8)
    const vault = await open()
    const { operator } = await twoPeople(vault)
    const { challenge } = must(await vault.recoveryChallenge(operator.operatorId))
    must(await vault.signIn({ operatorId: operator.operatorId, pin: pinB }))
    vault.lock()
    const code = codeOfSlot(slotOf(challenge))
    expect(await vault.recoverWithCode({ operatorId: operator.operatorId, code, newPin })).toMatchObject({
      error: { type: 'wrong-pin' },
    })
  })

  it('says so when this machine never got keys from its gateway, and asks for more when few are left', async () => {
    const vault = await open()
    const { operator } = await twoPeople(vault)
    expect(await vault.recoveryChallenge(operator.operatorId)).toMatchObject({ error: { type: 'not-held' } })
    expect(must(await vault.describeOperators(made.standing))).toMatchObject({ recoveryFrom: 1 })
    await giveDeskKeys(1, 12)
    must(await vault.signIn({ operatorId: operator.operatorId, pin: pinB }))
    const described = must(await vault.describeOperators(made.standing))
    expect(described.recoveryFrom).toBeUndefined()
    expect(described.operators.find(({ operatorId }) => operatorId === operator.operatorId)).toMatchObject({ recoverySlot: 1 })
  })
})

describe('a store that fails', () => {
  it('locks nobody out who types the right code again and again on a full disk', async () => {
    await giveDeskKeys(1, 8)
    const vault = await open()
    const { operator } = await twoPeople(vault)
    const { challenge } = must(await vault.recoveryChallenge(operator.operatorId))
    const request = { operatorId: operator.operatorId, code: codeOfSlot(slotOf(challenge)), newPin }
    const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('The disk is full', 'QuotaExceededError')
    })
    for (let tries = 0; tries < 6; tries += 1)
      expect(await vault.recoverWithCode(request)).toEqual({ ok: false, error: { type: 'disk-full' } })
    full.mockRestore()
    must(await vault.recoverWithCode(request))
  })

  it('is a value to whoever signs in, never a throw', async () => {
    const first = await open()
    const { operator } = await twoPeople(first)
    first.close()
    let close = () => undefined as unknown
    // Another window upgrades the store while the PIN is stretched.
    const stretch: StretchPin = async (...asked) => {
      close()
      return stretchPin(...asked)
    }
    const vault = must(await openVault({ station: made.station, databaseName: name, pinCost, stretch }))
    close = () => vault.close()
    expect(await vault.signIn({ operatorId: operator.operatorId, pin: pinB })).toMatchObject({ ok: expect.any(Boolean) })
  })
})

describe('an operator whom the gateway removed', () => {
  it('has no way in, by PIN, by code or by supervisor; a supervisor takes the drafts over', async () => {
    await giveDeskKeys(1, 8)
    const vault = await open()
    const { supervisor, operator, draftId } = await twoPeople(vault)
    must(await vault.signIn({ operatorId: operator.operatorId, pin: pinB }))
    const shelved = must(await vault.createDraft({ ...draftOf, content: { n: 2 } }))
    const given = {
      answers: {
        childName: {
          value: 'GIÀNG THỊ MẪU',
          provenance: { source: 'typed' as const, at: '2026-11-22T01:00:00.000Z', operatorId: operator.operatorId },
        },
      },
      consents: [{ id: 'submit', purpose: { vi: 'Gửi hồ sơ' }, given: true, at: '2026-11-22T01:00:00.000Z' }],
    }
    const queued = must(await vault.finish({ draftId: shelved.draftId, ...given, label: 'G.T.M.' }))
    const { packetId } = queued
    const refused = { name: 'needs-attention' as const, reason: 'dossier-invalid' as const, detail: '', findings: [] }
    must(await vault.outbox.change(packetId, () => ({ progress: { state: refused, attempt: 1, reuploads: 0 } })))
    let told = 0
    vault.onRemoved(() => {
      told += 1
    })
    made.standing.removedOperators = [operator.operatorId]
    must(await vault.obey(made.standing))
    expect(told).toBe(1)
    vault.lock()
    expect(await vault.signIn({ operatorId: operator.operatorId, pin: pinB })).toMatchObject({ error: { type: 'removed' } })
    expect(must(await vault.listOperators()).map(({ operatorId }) => operatorId)).toEqual([supervisor.operatorId])
    const code = { operatorId: operator.operatorId, code: codeOfSlot(2), newPin }
    expect(await vault.recoverWithCode(code)).toMatchObject({ error: { type: 'removed' } })
    const reset = { supervisorId: supervisor.operatorId, supervisorPin: pinA, operatorId: operator.operatorId, newPin }
    expect(await vault.resetPin(reset)).toMatchObject({ error: { type: 'removed' } })
    const database = new TramDatabase(name)
    expect((await database.operators.get(operator.operatorId))?.wrappedKey).toBeUndefined()
    database.close()

    must(await vault.signIn({ operatorId: supervisor.operatorId, pin: pinA }))
    expect(must(await vault.listWorkOwners())).toMatchObject([
      { operatorId: operator.operatorId, removed: true, drafts: 1, shelved: 1 },
    ])
    expect(await vault.takeBack(packetId)).toMatchObject({ error: { type: 'unreadable' } })
    expect(must(await vault.adoptWork(operator.operatorId))).toEqual({ count: 2 })
    expect(must(await vault.listWorkOwners())).toMatchObject([{ operatorId: supervisor.operatorId, drafts: 1, shelved: 1 }])
    expect(must(await vault.loadDraft(draftId)).content).toEqual({ n: 1 })
    expect(must(await vault.listOutbox())).toMatchObject([{ packetId, operatorId: supervisor.operatorId, label: 'G.T.M.' }])
    const back = must(await vault.takeBack(packetId))
    expect(must(await vault.loadDraft(back.draftId)).content).toMatchObject({ answers: given.answers })
  })

  it('is told at once, also when the disk is too full to write that down', async () => {
    const vault = await open()
    const { supervisor, operator } = await twoPeople(vault)
    must(await vault.signIn({ operatorId: operator.operatorId, pin: pinB }))
    let told = 0
    vault.onRemoved(() => {
      told += 1
    })
    made.standing.removedOperators = [operator.operatorId]
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('The disk is full', 'QuotaExceededError')
    })
    expect(await vault.obey(made.standing)).toEqual({ ok: false, error: { type: 'disk-full' } })
    expect(told).toBe(1)
    vault.lock()
    expect(await vault.signIn({ operatorId: operator.operatorId, pin: pinB })).toMatchObject({ error: { type: 'removed' } })
    must(await vault.signIn({ operatorId: supervisor.operatorId, pin: pinA }))
  })

  it('leaves the point with a supervisor: the oldest of those who stay', async () => {
    const vault = await open()
    const { supervisor, operator } = await twoPeople(vault)
    made.standing.removedOperators = [supervisor.operatorId]
    must(await vault.obey(made.standing))
    expect(must(await vault.listOperators())).toMatchObject([{ operatorId: operator.operatorId, role: 'supervisor' }])
    made.standing.removedOperators = [supervisor.operatorId, operator.operatorId]
    must(await vault.obey(made.standing))
    expect(must(await vault.createOperator({ name: 'Vàng Thị Thử', pin: pinC })).role).toBe('supervisor')
  })
})

describe('a draft handed over', () => {
  it('is the receiver’s alone, with its papers, and can be finished and handed on', async () => {
    const vault = await open()
    const { supervisor, operator, draftId } = await twoPeople(vault)
    must(await vault.signIn({ operatorId: operator.operatorId, pin: pinB }))
    const bytes = Uint8Array.from([0xff, 0xd8, 0xff, 1, 2, 3])
    const paper = { paperId: 'birthPaper', fileName: 'a.jpg', mediaType: 'image/jpeg' as const, bytes }
    const { attachmentId } = must(await vault.addAttachment(draftId, paper))
    expect(await vault.handOver({ draftId, toOperatorId: crypto.randomUUID() })).toMatchObject({
      error: { type: 'no-such-operator' },
    })
    expect(await vault.adoptWork(supervisor.operatorId)).toMatchObject({ error: { type: 'not-supervisor' } })
    must(await vault.handOver({ draftId, toOperatorId: supervisor.operatorId }))
    expect(must(await vault.listDrafts())).toEqual([])
    expect(await vault.loadDraft(draftId)).toMatchObject({ error: { type: 'unreadable' } })

    must(await vault.signIn({ operatorId: supervisor.operatorId, pin: pinA }))
    expect(must(await vault.listDrafts())).toMatchObject([{ draftId, label: 'T.V.M.' }])
    must(await vault.saveDraft(draftId, { content: { n: 2 } }))
    expect(Buffer.from(must(await vault.readAttachment(attachmentId)).bytes)).toEqual(Buffer.from(bytes))
    must(await vault.handOver({ draftId, toOperatorId: operator.operatorId }))
    must(await vault.signIn({ operatorId: operator.operatorId, pin: pinB }))
    expect(must(await vault.loadDraft(draftId)).content).toEqual({ n: 2 })
  })
})

describe('drafts taken over', () => {
  it('come one by one: what does not open stays where it is and holds up no other', async () => {
    const vault = await open()
    const { supervisor, operator, draftId } = await twoPeople(vault)
    must(await vault.signIn({ operatorId: operator.operatorId, pin: pinB }))
    const more = [must(await vault.createDraft(draftOf)), must(await vault.createDraft(draftOf))].map((one) => one.draftId)
    const [damaged = '', ...whole] = [draftId, ...more].toSorted()
    const database = new TramDatabase(name)
    await database.drafts.update(damaged, { wrappedKey: new Uint8Array(60) })
    database.close()
    must(await vault.signIn({ operatorId: supervisor.operatorId, pin: pinA }))
    expect(await vault.adoptWork(operator.operatorId)).toEqual({ ok: true, value: { count: 2 } })
    expect(must(await vault.listDrafts()).map((one) => one.draftId)).toEqual(expect.arrayContaining(whole))
    expect(must(await vault.listWorkOwners())).toContainEqual(
      expect.objectContaining({ operatorId: operator.operatorId, drafts: 1 }),
    )
    expect(await vault.adoptWork(operator.operatorId)).toMatchObject({ error: { type: 'unreadable' } })
  })

  it('have their whole time again: whoever has them now was never warned', async () => {
    const vault = await open()
    const { supervisor, operator, draftId } = await twoPeople(vault)
    must(await vault.signIn({ operatorId: operator.operatorId, pin: pinB }))
    const given = must(await vault.createDraft(draftOf)).draftId
    const look = async (hours: number) => {
      made.standing.elapsedMs = hours * 3_600_000
      return must(await vault.sweepDrafts()).destroyed
    }
    await look(0)
    for (let hours = 48; hours < 72; hours += 0.5) await look(hours)
    must(await vault.handOver({ draftId: given, toOperatorId: supervisor.operatorId }))
    must(await vault.signIn({ operatorId: supervisor.operatorId, pin: pinA }))
    must(await vault.adoptWork(operator.operatorId))
    expect(await look(72.5)).toBe(0)
    const left = must(await vault.listDrafts())
    expect(left.map((one) => one.draftId).toSorted()).toEqual([given, draftId].toSorted())
    expect(left.every(({ hoursLeft }) => hoursLeft === undefined)).toBe(true)
  })
})

type Stored = {
  deviceSecret: string
  operators: { operatorId: string; pin: string; failures?: number }[]
  tables: Record<string, { schema: string; rows: unknown[] }>
}
const revive = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(revive)
  if (typeof value !== 'object' || value === null) return value
  if ('$bytes' in value) return fromBase64Url(String(value.$bytes))
  if ('$buffer' in value) return fromBase64Url(String(value.$buffer))?.buffer
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revive(inner)]))
}

describe('a store of an older version', () => {
  it.each([1])('%i opens with its drafts, its queue and its people', async (version) => {
    const file = new URL(`stores/version-${version}.json`, import.meta.url)
    const stored: Stored = JSON.parse(await readFile(file, 'utf8'))
    await new Promise<void>((resolve, reject) => {
      // Dexie writes its versions in tenths.
      const request = indexedDB.open(name, version * 10)
      request.onupgradeneeded = () => {
        const paths = (source: string) => source.replaceAll(/[&[\]]/g, '').split('+')
        for (const [table, { schema }] of Object.entries(stored.tables)) {
          const [primary = '', ...indexes] = schema.split(', ')
          const of = (source: string) => (paths(source).length > 1 ? paths(source) : (paths(source)[0] ?? ''))
          const store = request.result.createObjectStore(table, { keyPath: of(primary) })
          for (const index of indexes) store.createIndex(index.replace('&', ''), of(index), { unique: index.startsWith('&') })
        }
      }
      request.onerror = () => reject(request.error)
      request.onsuccess = () => {
        const database = request.result
        const transaction = database.transaction(Object.keys(stored.tables), 'readwrite')
        for (const [table, { rows }] of Object.entries(stored.tables)) {
          for (const row of rows) transaction.objectStore(table).put(revive(row))
        }
        transaction.oncomplete = () => {
          database.close()
          resolve()
        }
        transaction.onerror = () => reject(transaction.error)
      }
    })
    made = await makeStation(keys, undefined, fromBase64Url(stored.deviceSecret))
    const vault = await open()
    const [first, second] = stored.operators
    if (first === undefined || second === undefined) throw new Error('the stored example has two operators')
    expect(must(await vault.listOperators()).map(({ role }) => role)).toEqual(['supervisor', 'operator'])
    expect(await vault.signIn({ operatorId: second.operatorId, pin: '000009' })).toMatchObject({
      error: { type: 'wrong-pin', attemptsLeft: 4 - (second.failures ?? 0) },
    })
    must(await vault.signIn(first))
    const [draft] = must(await vault.listDrafts())
    expect(draft).toMatchObject({ label: 'TRẦN VĂN MẪU' })
    const loaded = must(await vault.loadDraft(draft?.draftId ?? ''))
    expect(loaded.content).toMatchObject({ name: 'TRẦN VĂN MẪU' })
    const read = must(await vault.readAttachment(loaded.attachments[0]?.attachmentId ?? ''))
    expect(read.bytes).toHaveLength(700)
    const queue = must(await vault.listOutbox())
    expect(queue.map(({ progress }) => progress.state.name).toSorted()).toEqual(['queued', 'received'])
    const [open1] = must(await vault.outbox.listOpen())
    expect(must(await vault.outbox.read(open1?.packetId ?? '')).packet).toBeDefined()
    must(await vault.takeBack(open1?.packetId ?? ''))
    expect(must(await vault.listDrafts())).toHaveLength(2)
    must(await vault.signIn(second))
    const reset = { supervisorId: first.operatorId, supervisorPin: first.pin, operatorId: second.operatorId, newPin }
    must(await vault.resetPin(reset))
  })
})
