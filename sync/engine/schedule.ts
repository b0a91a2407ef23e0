/**
 * Which entries go now, and when to look again. Pure.
 *
 * Invariants
 * - No event of a dossier starts while an earlier one of the same dossier is open: a supplement never overtakes its submit.
 * - Large entries never hold every lane, so small dossiers do not wait behind large files.
 * - An entry which waits, or needs a person, takes no lane: one dossier's problem holds up no other.
 */
import type { OutboxProgress } from '../../contracts/outbox.ts'
import { dueAt } from './outbox-machine.ts'

export type OpenEntry = {
  packetId: string
  dossierId: string
  /** 1, 2, 3 ... among the dossier's own events. */
  sequence: number
  progress: OutboxProgress
  /** Of attachments, not yet durable at the gateway. */
  bytesLeft: number
}

export type Plan = { start: string[]; wakeAt: number | undefined }

/** More than this takes half a minute and longer on a 250 kbps link. */
export const largeBytes = 1024 * 1024

/** Their bytes are in memory while they go. */
const mostLarge = 3

export const planSends = (request: {
  /** In the order of their counters. */
  entries: readonly OpenEntry[]
  now: number
  inFlight: ReadonlySet<string>
  lanes: number
}): Plan => {
  const { entries, now, inFlight, lanes } = request
  const firstOpen = new Map<string, number>()
  for (const { dossierId, sequence } of entries) {
    firstOpen.set(dossierId, Math.min(sequence, firstOpen.get(dossierId) ?? sequence))
  }
  const largeLanes = Math.max(1, Math.min(mostLarge, lanes - 1))
  let free = lanes - inFlight.size
  let large = entries.filter(({ packetId, bytesLeft }) => inFlight.has(packetId) && bytesLeft > largeBytes).length
  const start: string[] = []
  let wakeAt: number | undefined
  for (const { packetId, dossierId, sequence, progress, bytesLeft } of entries) {
    if (inFlight.has(packetId) || firstOpen.get(dossierId) !== sequence) continue
    const due = dueAt(progress, now)
    if (due === undefined) continue
    if (due > now) {
      wakeAt = Math.min(due, wakeAt ?? due)
      continue
    }
    // Whoever ends first makes room, and then this is asked again.
    if (free === 0 || (bytesLeft > largeBytes && large >= largeLanes)) continue
    start.push(packetId)
    free -= 1
    if (bytesLeft > largeBytes) large += 1
  }
  return { start, wakeAt }
}
