/** What can go wrong, how likely it is in this run, and how often it did. */
import type { Random } from './random.ts'

export const faultKinds = [
  'request-dropped',
  'response-dropped',
  'request-duplicated',
  'delayed-and-reordered',
  'upload-truncated',
  'half-open',
  'proxy-4xx',
  'proxy-5xx',
  'too-many-requests',
  'token-refused',
  'captive-portal',
  'forged-receipt',
  'link-down',
  'kiosk-killed-before-effect',
  'kiosk-killed-after-effect',
  'kiosk-power-cut',
  'station-killed',
  'gateway-killed-before-effect',
  'gateway-killed-after-effect',
  'gateway-power-cut',
  'disk-full',
  'blob-corrupt',
  'blob-missing',
  'clock-jump',
  'schema-upgrade',
  'second-tab',
  'operator-change',
  'take-back',
  'recall',
  'key-rotation',
  'key-retired',
  'disk-image-restored',
  'store-lost',
  'store-rescued',
  'station-revoked',
  'dossier-refused',
  'courier',
  'agency-unavailable',
  'agency-answer-lost',
  'agency-hangs',
  'agency-refuses',
  'agency-asks',
  'agency-corrects',
  'both-changed',
  'transaction-outlives-gateway',
] as const
export type FaultKind = (typeof faultKinds)[number]
export type FaultCounts = Record<FaultKind, number>

export const noFaults = (): FaultCounts => Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as FaultCounts

export type Faults = {
  counts: FaultCounts
  note(kind: FaultKind): void
  /** Whether it happens now, noted when it does. Nothing happens once the world has healed. */
  strikes(kind: FaultKind, random: Random): boolean
  heal(): void
  healed(): boolean
}

/** A run has some kinds of trouble and not others: all at once would hide what one alone can do. */
export const createFaults = (random: Random): Faults => {
  const counts = noFaults()
  const level = random.pick([0.3, 1, 2, 4])
  const common = new Set<FaultKind>(['operator-change', 'second-tab', 'take-back', 'recall', 'dossier-refused'])
  const rates = Object.fromEntries(
    faultKinds.map((kind) => [kind, common.has(kind) || random.chance(0.55) ? level * 0.05 * random.next() : 0]),
  ) as FaultCounts
  let healed = false
  const note = (kind: FaultKind) => {
    counts[kind] += 1
  }
  return {
    counts,
    note,
    strikes: (kind, from) => {
      const strikes = from.chance(rates[kind]) && !healed
      if (strikes) note(kind)
      return strikes
    },
    heal: () => {
      healed = true
    },
    healed: () => healed,
  }
}
