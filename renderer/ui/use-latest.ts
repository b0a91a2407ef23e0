import { useCallback, useRef } from 'react'

/** The same function for ever, which does what it was last given: what holds it need not be drawn again. */
export const useLatest = <A extends unknown[]>(act: (...said: A) => void): ((...said: A) => void) => {
  const latest = useRef(act)
  latest.current = act
  return useCallback((...said: A) => latest.current(...said), [])
}
