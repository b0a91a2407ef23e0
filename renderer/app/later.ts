import { type ComponentType, lazy } from 'react'

/** A part of the program that signing in does not need: it comes when it is first shown. The station hands it out, and may be away for a moment. */
export const later = <P extends object>(load: () => Promise<ComponentType<P>>) => {
  const attempt = async (): Promise<ComponentType<P>> => {
    try {
      return await load()
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 1000))
      return attempt()
    }
  }
  const part = lazy(async () => ({ default: await attempt() }))
  return { part, prepare: attempt }
}
