import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { followTyping } from './follow-typing.ts'

/** The browser's own frames: node has none. */
const frames = new Set<FrameRequestCallback>()
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  vi.stubGlobal('requestAnimationFrame', (act: FrameRequestCallback) => {
    frames.add(act)
    return act
  })
  vi.stubGlobal('cancelAnimationFrame', (act: FrameRequestCallback) => frames.delete(act))
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  frames.clear()
})

const drawFrame = (): void => {
  for (const act of [...frames]) {
    frames.delete(act)
    act(0)
  }
}

it('follows once the letters of a burst rest, and once only', () => {
  const act = vi.fn()
  const typing = followTyping(act)
  for (let letter = 0; letter < 5; letter += 1) {
    typing.follow()
    drawFrame()
    vi.advanceTimersByTime(30)
    expect(act).not.toHaveBeenCalled()
    expect(typing.due()).toBe(true)
  }
  vi.advanceTimersByTime(90)
  expect(act).toHaveBeenCalledTimes(1)
  expect(typing.due()).toBe(false)
  vi.advanceTimersByTime(1_000)
  expect(act).toHaveBeenCalledTimes(1)
})

it('never follows before the frame of the newest letter, however late it comes', () => {
  const act = vi.fn()
  const typing = followTyping(act)
  typing.follow()
  vi.advanceTimersByTime(500)
  expect(act).not.toHaveBeenCalled()
  drawFrame()
  vi.advanceTimersByTime(0)
  expect(act).toHaveBeenCalledTimes(1)
})

it('follows letters that never rest too, right after the frame of one of them', () => {
  const act = vi.fn()
  const typing = followTyping(act)
  for (let at = 0; at < 270; at += 30) {
    typing.follow()
    vi.advanceTimersByTime(30)
  }
  expect(act).not.toHaveBeenCalled()
  drawFrame()
  vi.advanceTimersByTime(0)
  expect(act).toHaveBeenCalledTimes(1)
  typing.cancel()
  vi.advanceTimersByTime(1_000)
  drawFrame()
  expect(act).toHaveBeenCalledTimes(1)
})
