import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useIdle } from './use-idle.ts'

vi.mock('react', () => ({ useEffect: (effect: () => void) => effect() }))

const minute = 60_000
let page: EventTarget

beforeEach(() => {
  page = new EventTarget()
  vi.stubGlobal('window', page)
  vi.useFakeTimers({ now: Date.parse('2026-11-22T02:00:00Z') })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('calls after five minutes in which nobody touched the machine, and again and again', () => {
  const called = vi.fn()
  useIdle(called)
  vi.advanceTimersByTime(4 * minute)
  page.dispatchEvent(new Event('keydown'))
  vi.advanceTimersByTime(4.9 * minute)
  expect(called).not.toHaveBeenCalled()
  vi.advanceTimersByTime(0.2 * minute)
  expect(called).toHaveBeenCalledOnce()
  vi.advanceTimersByTime(minute)
  expect(called).toHaveBeenCalledTimes(3)
})

it('calls when the machine slept meanwhile', () => {
  const called = vi.fn()
  useIdle(called)
  vi.setSystemTime(Date.now() + 60 * minute)
  vi.advanceTimersByTime(5_000)
  expect(called).toHaveBeenCalledOnce()
})

it('is not put off by a clock that was set back', () => {
  const called = vi.fn()
  useIdle(called)
  vi.advanceTimersByTime(minute)
  vi.setSystemTime(Date.now() - 365 * 24 * 60 * minute)
  vi.advanceTimersByTime(4.2 * minute)
  expect(called).toHaveBeenCalledOnce()
})
