import { useEffect, useState } from 'react'
import type { StationApi } from '../../contracts/station-api.ts'

/** What a dossier takes with three papers of 2 MB: better to stop a little early than in the midst of one. */
const dossierBytes = 7 * 1024 * 1024
const lookEveryMs = 60_000
/** Below this no new dossier is begun; those under way need the rest. */
export const fewestDossiers = 5

export type Room = { dossiers: number; nearlyFull: boolean }

/** Of two limits, what the browser allows this origin and what the disk has left, the nearer one. Pure. */
export const roomOf = (
  estimate: { quota?: number; usage?: number },
  disk: { freeBytes: number; totalBytes: number } | null,
): Room | null => {
  const limits: { free: number; nearlyFull: boolean }[] = []
  const { quota, usage } = estimate
  if (quota !== undefined && usage !== undefined && quota > 0)
    limits.push({ free: quota - usage, nearlyFull: usage / quota >= 0.8 })
  // A large disk may be four fifths full and still hold weeks of work.
  if (disk !== null && disk.totalBytes > 0)
    limits.push({
      free: disk.freeBytes,
      nearlyFull: disk.freeBytes / disk.totalBytes <= 0.2 && disk.freeBytes < 100 * dossierBytes,
    })
  if (limits.length === 0) return null
  const dossiers = Math.max(0, Math.floor(Math.min(...limits.map(({ free }) => free)) / dossierBytes))
  return { dossiers, nearlyFull: limits.some(({ nearlyFull }) => nearlyFull) }
}

/** How much the machine can still take in; null until that is known. */
export const useRoom = (station: StationApi): Room | null => {
  const [room, setRoom] = useState<Room | null>(null)
  useEffect(() => {
    let stopped = false
    const look = async () => {
      const standing = await station.call('standing', {})
      const estimate = (await navigator.storage?.estimate?.().catch(() => undefined)) ?? {}
      if (!stopped) setRoom(roomOf(estimate, standing.ok ? standing.value.disk : null))
    }
    void look()
    const timer = setInterval(() => void look(), lookEveryMs)
    return () => {
      stopped = true
      clearInterval(timer)
    }
  }, [station])
  return room
}
