import { existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { writeLog } from './leveldb-log.ts'
import { guardStore, type StoreGuard } from './store-guard.ts'

let folder: string
let events: string[]
let guards: StoreGuard[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tram-guard-'))
  events = []
  guards = []
})
afterEach(async () => {
  await Promise.all(guards.map((guard) => guard.stop()))
  rmSync(folder, { recursive: true, force: true })
})

const live = (name = '') => join(folder, 'kiosk.leveldb', name)
const blobs = (name = '') => join(folder, 'kiosk.blob', name)
const kept = (name = '') => join(folder, 'kept', name)
const pace = { lookEveryMs: 5, releaseAfterMs: 40, provenAfterMs: 60_000 }
const guarded = async (over: Partial<typeof pace> = {}): Promise<StoreGuard> => {
  const log = ({ event }: { event: string }) => void events.push(event)
  const guard = await guardStore({ store: join(folder, 'kiosk'), kept: kept(), log, pace: { ...pace, ...over } })
  guards.push(guard)
  return guard
}

const begin = (number = '000001'): void => {
  mkdirSync(live(), { recursive: true })
  writeFileSync(live(`MANIFEST-${number}`), writeLog([]))
  writeFileSync(live('000003.log'), writeLog([]))
}
const put = (name: string, text: string): void => {
  mkdirSync(blobs('1/00'), { recursive: true })
  writeFileSync(blobs(`1/00/${name}`), text)
}
const wipe = (): void => {
  rmSync(live(), { recursive: true })
  rmSync(blobs(), { recursive: true, force: true })
}
const goneWhile = (guard: StoreGuard): Promise<void> => new Promise((resolve) => guard.watch(resolve))

test('follows what the browser writes without copying it, and lets go of what it let go of', async () => {
  begin()
  put('a', 'giấy')
  const guard = await guarded()
  guard.watch(() => expect.fail('the store is there'))
  expect(statSync(kept('now/leveldb/000003.log')).ino).toBe(statSync(live('000003.log')).ino)
  expect(readFileSync(kept('now/blob/1/00/a'), 'utf8')).toBe('giấy')
  writeFileSync(live('000004.ldb'), 'bảng')
  put('b', 'giấy khác')
  await vi.waitFor(() =>
    expect([existsSync(kept('now/leveldb/000004.ldb')), existsSync(kept('now/blob/1/00/b'))]).toEqual([true, true]),
  )
  rmSync(live('000003.log'))
  rmSync(blobs('1/00/a'))
  await vi.waitFor(() => expect(readdirSync(kept('now/leveldb'))).toEqual(['000004.ldb', 'MANIFEST-000001']))
  await vi.waitFor(() => expect(readdirSync(kept('now/blob/1/00'))).toEqual(['b']))
  rmSync(blobs('1'), { recursive: true })
  await vi.waitFor(() => expect(readdirSync(kept('now/blob/1/00'))).toEqual([]))
})

test('a MANIFEST after the kept one is the same store; an older or equal number is another', async () => {
  begin('000004')
  const guard = await guarded()
  const gone = goneWhile(guard)
  writeFileSync(live('MANIFEST-000009'), writeLog([]))
  rmSync(live('MANIFEST-000004'))
  await vi.waitFor(() => expect(readdirSync(kept('now/leveldb'))).toEqual(['000003.log', 'MANIFEST-000009']))
  wipe()
  begin('000001')
  await gone
  expect(events).toEqual(['store-gone'])
  expect(readdirSync(kept('now/leveldb'))).toContain('MANIFEST-000009')
})

test('nothing is released of a store that is gone', async () => {
  begin()
  put('a', 'giấy')
  const gone = goneWhile(await guarded({ releaseAfterMs: 0 }))
  wipe()
  await gone
  expect([existsSync(kept('now/leveldb/000003.log')), existsSync(kept('now/blob/1/00/a'))]).toEqual([true, true])
})

test('what was kept takes its place; what was found there and what was kept stay aside', async () => {
  begin()
  put('a', 'giấy')
  const first = await guarded()
  expect(first.mended).toBeUndefined()
  wipe()
  begin()
  put('z', 'của kho mới')
  const second = await guarded()
  expect(second.mended).toMatch(/^[0-9a-f-]{36}$/)
  expect(readdirSync(live())).toEqual(['000002.log', 'CURRENT', 'MANIFEST-000001'])
  expect(readdirSync(blobs('1/00'))).toEqual(['a'])
  expect(readdirSync(kept('aside-1'))).toEqual(['blob', 'found-blob', 'found-leveldb', 'leveldb'])
  expect((await guarded()).mended).toBe(second.mended)
  expect(events).toEqual(['store-mended'])
})

test('a store that is gone again at once is set aside and not mended a second time; one that lasted is', async () => {
  begin()
  await guarded()
  wipe()
  await guarded()
  wipe()
  const third = await guarded()
  expect(third.mended).toBeUndefined()
  expect(existsSync(live())).toBe(false)
  expect(readdirSync(kept()).filter((name) => name.startsWith('aside'))).toEqual(['aside-1', 'aside-2'])
  begin()
  await guarded()
  wipe()
  const lasting = await guarded({ provenAfterMs: 0 })
  lasting.watch(() => undefined)
  await vi.waitFor(() => expect(readFileSync(kept('mended.json'), 'utf8')).toContain('"proven":true'))
  await lasting.stop()
  wipe()
  expect((await guarded()).mended).not.toBe(lasting.mended)
  expect(events).toEqual(['store-mended', 'store-not-mended', 'store-mended', 'store-mended'])
})

test('ended in the middle of a mending, the next start carries it to its end', async () => {
  const steps: (() => void)[] = [
    // Salvaged and decided; nothing moved.
    () => undefined,
    // What was kept is aside.
    () => renameAside(),
    // The new store's files are away, too, and some papers are back.
    () => {
      renameAside()
      mkdirSync(kept('aside-1/found-leveldb'))
      rmSync(live(), { recursive: true })
      mkdirSync(blobs('1/00'), { recursive: true })
      linkSync(kept('aside-1/blob/1/00/a'), blobs('1/00/a'))
    },
  ]
  const renameAside = () => {
    mkdirSync(kept('aside-1'), { recursive: true })
    for (const part of ['leveldb', 'blob']) {
      mkdirSync(kept(`aside-1/${part}`), { recursive: true })
    }
    mkdirSync(kept('aside-1/blob/1/00'), { recursive: true })
    linkSync(kept('now/blob/1/00/a'), kept('aside-1/blob/1/00/a'))
    rmSync(kept('now'), { recursive: true })
  }
  for (const step of steps) {
    rmSync(folder, { recursive: true })
    begin()
    put('a', 'giấy')
    await guarded()
    wipe()
    begin()
    mkdirSync(kept('mending'))
    writeFileSync(kept('mending/MANIFEST-000001'), 'được vá')
    writeFileSync(kept('mending.json'), JSON.stringify({ id: '0b0e7a52-6c0f-4a39-9d29-0d5a4b3f7c11', aside: 'aside-1' }))
    step()
    const guard = await guarded()
    expect(guard.mended).toBe('0b0e7a52-6c0f-4a39-9d29-0d5a4b3f7c11')
    expect(readFileSync(live('MANIFEST-000001'), 'utf8')).toBe('được vá')
    expect(readFileSync(blobs('1/00/a'), 'utf8')).toBe('giấy')
    expect(existsSync(kept('mending.json'))).toBe(false)
  }
})

test('a kiosk opens where nothing can be kept, says so once, and keeps as soon as it can', async () => {
  begin()
  writeFileSync(kept(), 'no folder')
  const guard = await guarded()
  guard.watch(() => expect.fail('the store is there'))
  expect(guard.mended).toBeUndefined()
  rmSync(kept())
  await vi.waitFor(() => expect(existsSync(kept('now/leveldb/000003.log'))).toBe(true))
  expect(new Set(events)).toEqual(new Set(['store-not-kept']))
})
