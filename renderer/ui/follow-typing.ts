/**
 * What follows from typed letters, done where no letter waits for it. Letters come in bursts: a quick hand's, or an input program's, which takes
 * back a word and types it again with its marks. Invariants: never before the frame that shows the newest letter; once letters rest for
 * `restMs`, at the latest with the frame after `mostMs`. A quick typist's letters do not rest: what follows then comes right after a frame, when
 * the next letter is furthest.
 */
const restMs = 120
const mostMs = 240

export type Following = {
  /** A letter came. */
  follow(): void
  /** Letters came that nothing has followed yet. */
  due(): boolean
  cancel(): void
}

export const followTyping = (act: () => void): Following => {
  let first: number | undefined
  let stop: () => void = () => undefined
  const cancel = (): void => {
    stop()
    stop = () => undefined
    first = undefined
  }
  const go = (): void => {
    cancel()
    act()
  }
  return {
    follow() {
      stop()
      const now = performance.now()
      first ??= now
      const overdue = now - first >= mostMs
      let timer: ReturnType<typeof setTimeout> | undefined
      // A timer that a frame's callback sets runs after that frame's drawing.
      const frame = requestAnimationFrame(() => {
        timer = setTimeout(go, overdue ? 0 : Math.max(now + restMs - performance.now(), 0))
      })
      stop = () => {
        cancelAnimationFrame(frame)
        clearTimeout(timer)
      }
    },
    due: () => first !== undefined,
    cancel,
  }
}
