import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { KeptFacts } from '../../../contracts/citizen-store.ts'
import { loadKeys, makeKeys, rotateKeys } from '../keys.ts'
import { createCitizenStore, monthsAfter } from './citizen-store.ts'
import { createMemoryRecords } from './memory-records.ts'
import { openRecordKeys } from './record-keys.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tram-citizens-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const seed = 20261122
const number = '000196000127'
const begun = Date.UTC(2026, 10, 22, 2)

const openStore = async () => {
  const keysFile = path.join(folder, 'keys.json')
  await makeKeys(keysFile)
  const keys = await loadKeys(keysFile)
  const records = createMemoryRecords()
  const recordKeys = await openRecordKeys(path.join(folder, 'citizen-keys'), keys)
  const clock = { ms: begun }
  const now = () => new Date(clock.ms)
  const store = createCitizenStore({ records, recordKeys, hashOf: keys.hashOfCitizen, months: 12, now })
  return { store, records, recordKeys, keys, keysFile, clock, now }
}

const phone = (value: string, declaredAt = new Date(begun).toISOString()): KeptFacts => ({
  phone: { value, procedureCode: '1.001193', source: 'typed', declaredAt },
})
const by = { why: 'test' }

describe('a record', () => {
  test('gives back the newest word of each fact, whichever comes last', async () => {
    const { store, now, clock } = await openStore()
    await store.keep(number, phone('0900000001'), now(), by)
    clock.ms += 1000
    await store.keep(number, { ...phone('0900000000', new Date(begun - 1).toISOString()) }, now(), by)
    expect((await store.read(number, by)).facts.phone?.value).toBe('0900000001')
    await store.keep(number, phone('0900000002', now().toISOString()), now(), by)
    expect((await store.read(number, by)).facts.phone?.value).toBe('0900000002')
    expect(await store.read('000196000128', by)).toEqual({ facts: {} })
  })

  test('loses what a correction took away, but not what another dossier has said since', async () => {
    const { store, now, clock } = await openStore()
    const first = phone('0900000001', now().toISOString())
    await store.keep(number, first, now(), by)
    await store.keep(number, {}, now(), by, first)
    expect((await store.read(number, by)).facts).toEqual({})
    clock.ms += 1000
    const later = phone('0900000001', now().toISOString())
    await store.keep(number, later, now(), by)
    await store.keep(number, {}, now(), by, first)
    expect((await store.read(number, by)).facts).toEqual(later)
  })

  test('ends so many months after the last consent, and then is gone with its key', async () => {
    const { store, now, clock, records, recordKeys } = await openStore()
    await store.keep(number, phone('0900000001'), now(), by)
    clock.ms = monthsAfter(new Date(begun), 12).getTime() - 1
    expect((await store.read(number, by)).facts.phone).toBeDefined()
    expect(await store.sweep()).toBe(0)
    clock.ms += 1
    expect(await store.read(number, by)).toEqual({ facts: {} })
    expect(await store.sweep()).toBe(1)
    expect(await recordKeys.list()).toEqual([])
    expect((await records.notes({ since: new Date(0), limit: 1 }))[0]?.act).toBe('ended')
    expect(monthsAfter(new Date('2027-08-31T00:00:00Z'), 6).toISOString()).toBe('2028-02-29T00:00:00.000Z')
  })

  test('nothing is kept by a consent from before the erasure, however late its dossier comes; by a later one again', async () => {
    const { store, now, clock } = await openStore()
    const consentedAt = now()
    clock.ms += 1000
    expect(await store.erase(number, by)).toBe(false)
    clock.ms += 1000
    expect(await store.keep(number, phone('0900000001'), consentedAt, by)).toBe('withdrawn')
    expect(await store.read(number, by)).toEqual({ facts: {} })
    expect(await store.keep(number, phone('0900000001'), now(), by)).toBe('kept')
    expect(await store.keep(number, phone('0900000009'), consentedAt, by)).toBe('withdrawn')
    expect((await store.read(number, by)).facts.phone?.value).toBe('0900000001')
  })

  test('a rotation of the gateway’s keys changes what wraps it, and nothing else', async () => {
    const { store, now, keys, keysFile, recordKeys } = await openStore()
    await store.keep(number, phone('0900000001'), now(), by)
    const before = keys.storeKey.keyId
    await rotateKeys(keysFile)
    await keys.refresh()
    expect(keys.storeKey.keyId).not.toBe(before)
    expect((await store.read(number, by)).facts.phone?.value).toBe('0900000001')
    await store.mend()
    const [name = ''] = await recordKeys.list()
    expect(await readFile(path.join(folder, 'citizen-keys', name), 'utf8')).toContain(keys.storeKey.keyId)
    expect((await store.read(number, by)).facts.phone?.value).toBe('0900000001')
  })

  test('a key of which a stop left a second file half made has one file after the next start', async () => {
    const { store, now, recordKeys } = await openStore()
    await store.keep(number, phone('0900000001'), now(), by)
    const [name = ''] = await recordKeys.list()
    const keysFolder = path.join(folder, 'citizen-keys')
    await copyFile(path.join(keysFolder, name), path.join(keysFolder, `${name}.0a1b2c3d4e5f`))
    await store.mend()
    expect(await readdir(keysFolder)).toEqual([name])
    expect((await store.read(number, by)).facts.phone?.value).toBe('0900000001')
  })

  test('whose key is damaged keeps no other from being mended, nor the gateway from its start', async () => {
    const { store, now, keys, keysFile, recordKeys } = await openStore()
    await store.keep(number, phone('0900000001'), now(), by)
    const [damaged = ''] = await recordKeys.list()
    const others = ['000196000128', '000196000129', '000196000130']
    for (const other of others) await store.keep(other, phone('0900000002'), now(), by)
    await writeFile(path.join(folder, 'citizen-keys', damaged), '')
    await rotateKeys(keysFile)
    await keys.refresh()
    expect(await store.mend()).toBe(1)
    for (const name of (await recordKeys.list()).filter((one) => one !== damaged))
      expect(await readFile(path.join(folder, 'citizen-keys', name), 'utf8')).toContain(keys.storeKey.keyId)
  })

  test('a key without a record is destroyed at the next start; a record without a key gives nothing and is replaced', async () => {
    const { store, now, recordKeys } = await openStore()
    await recordKeys.make('00000000-0000-4000-8000-000000000001')
    await store.mend()
    expect(await recordKeys.list()).toEqual([])
    await store.keep(number, phone('0900000001'), now(), by)
    for (const name of await recordKeys.list()) await recordKeys.destroy(name)
    expect(await store.read(number, by)).toEqual({ facts: {} })
    await store.keep(number, phone('0900000002'), now(), by)
    expect((await store.read(number, by)).facts.phone?.value).toBe('0900000002')
  })
})

test('whatever is kept, read and erased: what is there opens, what was erased opens from no copy, no number or value stands anywhere', async () => {
  const numbers = ['000196000127', '000190000017', '000088000024']
  const act = fc.record({
    act: fc.constantFrom('keep', 'read', 'erase', 'both' as const),
    who: fc.constantFrom(...numbers),
    value: fc.integer({ min: 100_000_000, max: 999_999_999 }).map((digits) => `0${digits}`),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 12 }), async (acts) => {
      const { store, records, keys, clock, now } = await openStore()
      const copies: string[] = []
      const model = new Map<string, string>()
      const values: string[] = []
      for (const { act, who, value } of acts) {
        clock.ms += 1000
        if (act === 'keep' || act === 'both') {
          values.push(value)
          await store.keep(who, phone(value, now().toISOString()), now(), by)
          model.set(who, value)
        }
        copies.push(records.dump())
        if (act === 'both') {
          // At once: whoever is later wins, and nothing is left half.
          const consent = now()
          clock.ms += 1
          await Promise.all([store.erase(who, by), store.keep(who, phone(value, now().toISOString()), consent, by)])
          model.delete(who)
        }
        if (act === 'erase') {
          clock.ms += 1
          await store.erase(who, by)
          model.delete(who)
        }
        for (const each of numbers) {
          const { facts } = await store.read(each, by)
          expect(facts.phone?.value).toBe(model.get(each))
        }
      }
      const files = await readdir(path.join(folder, 'citizen-keys'))
      expect(files.length).toBe(model.size)
      const everything = [...copies, records.dump()].join('\n')
      for (const secret of [...numbers, ...values]) expect(everything).not.toContain(secret)
      // A copy of the tables from before an erasure names keys that are nowhere any more.
      const erased = numbers.filter((each) => !model.has(each)).map((each) => keys.hashOfCitizen(each))
      for (const copy of copies) {
        const rows: [string, { recordId: string }][] = JSON.parse(copy)[0]
        for (const [personHash, { recordId }] of rows) if (erased.includes(personHash)) expect(files).not.toContain(recordId)
      }
      for (const name of files) await rm(path.join(folder, 'citizen-keys', name))
    }),
    { seed, numRuns: 30 },
  )
})
