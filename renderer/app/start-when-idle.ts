import type { SyncClient } from '../../sync/client/sync-client-api.ts'

/** Where the page is never idle, and where nobody looks at it, sending waits no longer, ms. */
const atLatestMs = 1_000

/** A sync client that begins once the page has been drawn: reading a queue of thousands would hold the sign-in page up. */
export const startWhenIdle = (client: SyncClient): SyncClient => {
  let asked: number | undefined
  return {
    ...client,
    start() {
      asked ??= requestIdleCallback(client.start, { timeout: atLatestMs })
    },
    async stop() {
      if (asked !== undefined) cancelIdleCallback(asked)
      asked = undefined
      await client.stop()
    },
  }
}
