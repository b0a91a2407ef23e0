import { useSyncExternalStore } from 'react'

const query = window.matchMedia('(max-width: 60rem)')

const subscribe = (listener: () => void): (() => void) => {
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}

/** A page of one column: a small window, or text at 200 %. */
export const useNarrow = (): boolean => useSyncExternalStore(subscribe, () => query.matches)
