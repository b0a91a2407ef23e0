import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { SyncClient } from '../../sync/client/sync-client-api.ts'
import { startWhenIdle } from './start-when-idle.ts'

let waiting: Map<number, () => void>
let log: string[]
beforeEach(() => {
  waiting = new Map()
  log = []
  vi.stubGlobal('requestIdleCallback', (then: () => void, { timeout }: { timeout: number }) => {
    log.push(`asked, ${timeout} ms at latest`)
    waiting.set(waiting.size + 1, then)
    return waiting.size
  })
  vi.stubGlobal('cancelIdleCallback', (handle: number) => waiting.delete(handle))
})
afterEach(() => vi.unstubAllGlobals())

const client = () =>
  startWhenIdle({
    start: () => void log.push('started'),
    stop: async () => void log.push('stopped'),
  } as unknown as SyncClient)

test('begins when the page is idle, however often it is asked', () => {
  const sync = client()
  sync.start()
  sync.start()
  expect(log).toEqual(['asked, 1000 ms at latest'])
  for (const then of waiting.values()) then()
  expect(log.at(-1)).toBe('started')
})

test('stopped before that, it does not begin, and can be started again', async () => {
  const sync = client()
  sync.start()
  await sync.stop()
  expect(waiting.size).toBe(0)
  sync.start()
  expect(waiting.size).toBe(1)
  expect(log).not.toContain('started')
})
