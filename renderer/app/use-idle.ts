import { useEffect } from 'react'

const idleAfterMs = 5 * 60_000
const againAfterMs = 30_000
const signs = ['pointerdown', 'pointermove', 'keydown', 'input', 'wheel'] as const

/** Calls when nobody touched the machine for five minutes, also when it slept meanwhile; again and again while it stays so. */
export const useIdle = (onIdle: () => void): void => {
  useEffect(() => {
    let last = Date.now()
    const touched = (): void => {
      last = Date.now()
    }
    for (const sign of signs) window.addEventListener(sign, touched, { passive: true })
    const timer = setInterval(() => {
      if (Date.now() - last >= idleAfterMs) {
        last = Date.now() - idleAfterMs + againAfterMs
        onIdle()
      }
    }, 5_000)
    return () => {
      clearInterval(timer)
      for (const sign of signs) window.removeEventListener(sign, touched)
    }
  }, [onIdle])
}
