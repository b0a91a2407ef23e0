/**
 * The open entries as the leader plans by them. A queue of thousands is not read anew for each one that is sent: what was read is good
 * for a while, less what has been worked on since. The store itself decides at the claim, so an old picture can only waste a question.
 */
import type { OutboxProgress } from '../../contracts/outbox.ts'
import type { OpenEntry } from '../engine/schedule.ts'
import type { OutboxStore } from '../vault/vault-api.ts'

const worked: OutboxProgress = { state: { name: 'received' }, attempt: 0, reuploads: 0 }
const shortestMs = 200
/** Of the time goes into reading at most one part in so many. */
const share = 10
/** Whatever was or was not told: another window can set an entry going without one coming or leaving. */
const longestMs = 30_000

export const createListing = (outbox: Pick<OutboxStore, 'listOpen'>, monotonic: () => number) => {
  let entries: OpenEntry[] = []
  const placeOf = new Map<string, number>()
  /** Of them, not worked on since. */
  let left = 0
  let stale = true
  let goodUntil = Number.NEGATIVE_INFINITY
  let lookAgainAt = Number.NEGATIVE_INFINITY

  return {
    /** Something came or went. */
    changed: () => {
      stale = true
    },
    /** It was worked on, and is no longer what was read: not to be begun again by this picture, nor anything of its dossier after it. */
    forget: (packetId: string) => {
      const place = placeOf.get(packetId)
      const entry = place === undefined ? undefined : entries[place]
      if (place !== undefined && entry !== undefined) entries[place] = { ...entry, bytesLeft: 0, progress: worked }
      left -= 1
      stale = true
    },
    isOld: () => stale,
    freshInMs: () => Math.max(0, goodUntil - monotonic()),
    /** `asItIs`: nothing that came, left or was worked on since may be missing. */
    read: async (asItIs = false): Promise<readonly OpenEntry[]> => {
      const beganAt = monotonic()
      if ((stale && (asItIs || left <= 0 || beganAt >= goodUntil)) || beganAt >= lookAgainAt) {
        stale = false
        const open = await outbox.listOpen()
        entries = open.ok ? open.value : []
        // A store that could not be read just now has said nothing.
        if (!open.ok) stale = true
        placeOf.clear()
        for (const [place, { packetId }] of entries.entries()) placeOf.set(packetId, place)
        left = entries.length
        const took = monotonic() - beganAt
        goodUntil = monotonic() + Math.max(shortestMs, took * share)
        lookAgainAt = monotonic() + longestMs
      }
      return entries
    },
  }
}

export type Listing = ReturnType<typeof createListing>
