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

/** Some are read while others are under way: as much of each as one request carries is in memory. */
const mostLarge = 6
/** Of the others together. */
const mostBytes = 16 * 1024 * 1024

/** The earliest open event of each dossier that has later ones open. */
const firstOpenEvents = (entries: readonly OpenEntry[]): Map<string, number> => {
  const later = new Set(entries.flatMap(({ dossierId, sequence }) => (sequence > 1 ? [dossierId] : [])))
  const first = new Map<string, number>()
  if (later.size === 0) return first
  for (const { dossierId, sequence } of entries)
    if (later.has(dossierId)) first.set(dossierId, Math.min(sequence, first.get(dossierId) ?? sequence))
  return first
}

export const planSends = (request: {
  /** In the order of their counters. */
  entries: readonly OpenEntry[]
  now: number
  inFlight: ReadonlySet<string>
  lanes: number
}): Plan => {
  const { entries, now, inFlight, lanes } = request
  let free = lanes - inFlight.size
  // Whoever ends first makes room, and then this is asked again.
  if (free <= 0) return { start: [], wakeAt: undefined }
  const firstOpen = firstOpenEvents(entries)
  const largeLanes = Math.max(1, Math.min(mostLarge, lanes - 1))
  let large = 0
  let bytes = 0
  for (const { packetId, bytesLeft } of entries) {
    if (!inFlight.has(packetId)) continue
    if (bytesLeft > largeBytes) large += 1
    else bytes += bytesLeft
  }
  const start: string[] = []
  let wakeAt: number | undefined
  for (const { packetId, dossierId, sequence, progress, bytesLeft } of entries) {
    if (inFlight.has(packetId) || (firstOpen.get(dossierId) ?? sequence) !== sequence) continue
    const due = dueAt(progress, now)
    if (due === undefined) continue
    if (due > now) {
      wakeAt = Math.min(due, wakeAt ?? due)
      continue
    }
    const isLarge = bytesLeft > largeBytes
    if (isLarge && large >= largeLanes) continue
    if (!isLarge && bytes + bytesLeft > mostBytes) break
    start.push(packetId)
    free -= 1
    if (isLarge) large += 1
    else bytes += bytesLeft
    if (free === 0) break
  }
  return { start, wakeAt }
}
