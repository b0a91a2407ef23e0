/**
 * Hears on a connection of its own (PostgreSQL's LISTEN) which station has updates, whichever gateway of the database wrote them.
 *
 * Invariant: a connection that was lost is made again, and whoever waits is then told to look; until then waiting reads end in their time.
 */
import pg from 'pg'

const againMs = 1_000

export type Announcements = { stop(): Promise<void> }

export async function listenForUpdates(
  databaseUrl: string,
  hearers: { onUpdate(stationId: string): void; onMissed(): void; onLost(): void },
): Promise<Announcements> {
  let stopping = false
  let current: pg.Client | undefined
  let retry: NodeJS.Timeout | undefined

  const connect = async (): Promise<void> => {
    const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000, keepAlive: true })
    let heard = false
    let over = false
    const end = () => {
      if (over) return
      over = true
      client.end().catch(() => undefined)
      if (!heard || stopping) return
      hearers.onLost()
      again()
    }
    client.on('error', end)
    client.on('end', end)
    client.on('notification', ({ payload }) => {
      if (payload !== undefined) hearers.onUpdate(payload)
    })
    current = client
    try {
      await client.connect()
      await client.query('LISTEN tram_updates')
      heard = true
    } finally {
      if (!heard) end()
    }
  }

  const again = (): void => {
    if (stopping) return
    retry = setTimeout(() => {
      connect().then(hearers.onMissed, again)
    }, againMs)
  }

  await connect()
  return {
    stop: async () => {
      stopping = true
      clearTimeout(retry)
      await current?.end().catch(() => undefined)
    },
  }
}
