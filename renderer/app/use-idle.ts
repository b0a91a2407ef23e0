import { useEffect } from 'react'

const idleAfterMs = 5 * 60_000
const againAfterMs = 30_000
const signs = ['pointerdown', 'pointermove', 'keydown', 'input', 'wheel'] as const

/**
 * Calls when nobody touched the machine for five minutes, also when it slept meanwhile; again and again while it stays so. What passed is
 * counted from look to look, so that a clock set back takes no more than the time between two.
 */
export const useIdle = (onIdle: () => void): void => {
  useEffect(() => {
    let idleMs = 0
    let lookedAt = Date.now()
    const touched = (): void => {
      idleMs = 0
      lookedAt = Date.now()
    }
    for (const sign of signs) window.addEventListener(sign, touched, { passive: true })
    const timer = setInterval(() => {
      const now = Date.now()
      idleMs += Math.max(0, now - lookedAt)
      lookedAt = now
      if (idleMs >= idleAfterMs) {
        idleMs = idleAfterMs - againAfterMs
        onIdle()
      }
    }, 5_000)
    return () => {
      clearInterval(timer)
      for (const sign of signs) window.removeEventListener(sign, touched)
    }
  }, [onIdle])
}
