import { describe, expect, it } from 'vitest'
import { beforeLock, flushAll } from './flushers.ts'

describe('what is written before the lock', () => {
  it('is durable only when everybody says so', async () => {
    expect(await flushAll()).toBe(true)
    const ends = [beforeLock(async () => true), beforeLock(async () => false)]
    expect(await flushAll()).toBe(false)
    ends[1]?.()
    expect(await flushAll()).toBe(true)
    const failing = beforeLock(() => Promise.reject(new Error('bug')))
    expect(await flushAll()).toBe(false)
    failing()
    ends[0]?.()
  })
})
