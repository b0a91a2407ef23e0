/**
 * Which version of a procedure holds on a day. A dossier keeps the version it was begun with; a gateway still takes it for the
 * document's days of grace after that version's end (docs/decisions/0013).
 */
import type { Procedure } from '../contracts/procedure.ts'

type Dated = Pick<Procedure, 'effectiveFrom' | 'effectiveUntil'>

export type VersionState = 'future' | 'in-force' | 'ended'

/** `day` is yyyy-MM-dd in Vietnam. */
export const versionState = (version: Dated, day: string): VersionState => {
  if (day < version.effectiveFrom) return 'future'
  return version.effectiveUntil !== undefined && day > version.effectiveUntil ? 'ended' : 'in-force'
}

/** Of several in force, the one that began last. */
export const inForceOn = <T extends Dated>(versions: readonly T[], day: string): T | undefined =>
  versions
    .filter((version) => versionState(version, day) === 'in-force')
    .toSorted((a, b) => b.effectiveFrom.localeCompare(a.effectiveFrom))[0]

const plusDays = (day: string, count: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10)

/** The last day on which a new dossier of this version may be sealed; undefined where no end is set. */
export const lastDayTaken = ({ effectiveUntil, graceDays }: Dated & Pick<Procedure, 'graceDays'>): string | undefined =>
  effectiveUntil === undefined ? undefined : plusDays(effectiveUntil, graceDays)

/**
 * Whether a gateway takes a dossier of this version. The day it was sealed is a station's claim: it counts only between the
 * version's begin and the day of receipt, so that a clock that runs ahead cannot shut out a right dossier.
 */
export const isTaken = (procedure: Procedure, sealedOn: string, receivedOn: string): boolean => {
  if (versionState(procedure, receivedOn) === 'future') return false
  const last = lastDayTaken(procedure)
  if (last === undefined) return true
  const { effectiveFrom } = procedure
  const claimed = sealedOn >= effectiveFrom && sealedOn <= receivedOn ? sealedOn : receivedOn
  return claimed <= last
}

type Meeting<T> = { type: 'overlap' | 'gap'; earlier: T; later: T }

/** Neighbours among the versions of one code: both in force on one day, or days between them on which none is. */
export const versionsMeeting = <T extends Dated>(versions: readonly T[]): Meeting<T>[] => {
  const inOrder = versions.toSorted((a, b) => a.effectiveFrom.localeCompare(b.effectiveFrom))
  return inOrder.slice(1).flatMap((later, index): Meeting<T>[] => {
    const earlier = inOrder[index]
    if (earlier === undefined) return []
    if (earlier.effectiveUntil === undefined || earlier.effectiveUntil >= later.effectiveFrom)
      return [{ type: 'overlap', earlier, later }]
    return plusDays(earlier.effectiveUntil, 1) < later.effectiveFrom ? [{ type: 'gap', earlier, later }] : []
  })
}
