import { t } from '@lingui/core/macro'
import { useEffect, useState } from 'react'

const waitWords = (waitMs: number): string => {
  const seconds = Math.ceil(waitMs / 1_000)
  if (seconds === 0) return t`Giờ thử lại được.`
  if (seconds < 60) return t`Chờ ${seconds} giây rồi thử lại.`
  const minutes = Math.ceil(seconds / 60)
  return t`Chờ ${minutes} phút rồi thử lại.`
}

/**
 * What is said of the wait after wrong tries, by the second, until it is over. By the running time of the page: the machine's clock may be set
 * meanwhile. `fault` is the same object as long as the wait is the same.
 */
export const useWait = (fault: { type: string } | null): string => {
  const waitMs = fault !== null && 'waitMs' in fault && typeof fault.waitMs === 'number' ? fault.waitMs : 0
  const [left, setLeft] = useState<{ of: object | null; ms: number }>({ of: null, ms: 0 })
  useEffect(() => {
    if (waitMs === 0) return
    const until = performance.now() + waitMs
    const timer = setInterval(() => {
      const ms = Math.max(0, until - performance.now())
      setLeft({ of: fault, ms })
      if (ms === 0) clearInterval(timer)
    }, 1_000)
    return () => clearInterval(timer)
  }, [fault, waitMs])
  return waitWords(left.of === fault ? left.ms : waitMs)
}
