/** What screens are told of the way to the gateway: listeners hear of changes and of nothing else. */
import type { SyncStatus } from './sync-client-api.ts'

export const createStatus = () => {
  let value: SyncStatus = {
    network: 'checking',
    clockSkewMs: undefined,
    lastSyncAt: undefined,
    role: 'follower',
    refused: false,
    rolledBack: false,
    forgottenThere: '',
    bytesLeft: 0,
    remainingMs: undefined,
  }
  const listeners = new Set<(status: SyncStatus) => void>()
  return {
    observable: {
      get: () => value,
      subscribe: (listener: (status: SyncStatus) => void) => {
        listeners.add(listener)
        return () => {
          listeners.delete(listener)
        }
      },
    },
    set: (change: Partial<SyncStatus>) => {
      if (Object.entries(change).every(([key, one]) => value[key as keyof SyncStatus] === one)) return
      value = { ...value, ...change }
      for (const listener of listeners) listener(value)
    },
  }
}
