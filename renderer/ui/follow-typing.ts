/**
 * What follows from typed letters, done where no letter waits for it. Letters come in bursts: a quick hand's, or an input program's, which takes
 * back a word and types it again with its marks. Invariants: never before the frame that shows the newest letter; once letters rest for
 * `restMs`, at the latest with the frame after `mostMs`.
 */
const restMs = 40
const mostMs = 240

export type Following = {
  /** A letter came. */
  follow(): void
  /** Letters came that nothing has followed yet. */
  due(): boolean
  cancel(): void
}

/** A frame's callback comes just before its drawing, a message posted there just after. */
const afterFrame = (act: () => void): (() => void) => {
  const { port1, port2 } = new MessageChannel()
  port2.onmessage = act
  const frame = requestAnimationFrame(() => port1.postMessage(null))
  return () => {
    cancelAnimationFrame(frame)
    port2.close()
  }
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
      const timer = setTimeout(go, restMs)
      const unframe = now - first < mostMs ? undefined : afterFrame(go)
      stop = () => {
        clearTimeout(timer)
        unframe?.()
      }
    },
    due: () => first !== undefined,
    cancel,
  }
}
