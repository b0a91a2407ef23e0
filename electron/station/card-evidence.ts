/**
 * The proof of the last readings, for the minutes in which the citizen may ask for what is kept of him. In memory alone: it is never given to
 * a page but with the signature that spends it, and never written.
 */
import type { CardReading } from '../../contracts/card.ts'
import type { CardEvidence } from '../../contracts/card-evidence.ts'

/** Somebody who stands at the counter answers within this time; who comes later lays the card on again. */
const keptMs = 600_000
const mostKept = 4

export type CardEvidences = {
  hear(readId: string, evidence: CardEvidence): void
  /** The reading came to its end: of one that failed, or is not to be used, nothing is kept. */
  settle(readId: string, reading: CardReading | undefined): void
  find(readId: string): CardEvidence | undefined
  clear(): void
}

const isUsable = ({ proof, findings }: CardReading): boolean =>
  (proof.verdict.type === 'genuine' || proof.verdict.type === 'genuine-ca-unknown') &&
  !findings.some(({ type }) => type === 'two-persons')

export const createCardEvidences = (uptimeMs: () => number): CardEvidences => {
  const heard = new Map<string, CardEvidence>()
  const kept = new Map<string, { evidence: CardEvidence; until: number }>()
  const forgetOld = (): void => {
    for (const [readId, { until }] of kept) if (until <= uptimeMs() || kept.size > mostKept) kept.delete(readId)
  }
  return {
    hear(readId, evidence) {
      heard.set(readId, evidence)
    },
    settle(readId, reading) {
      const evidence = heard.get(readId)
      heard.delete(readId)
      if (evidence === undefined || reading === undefined || !isUsable(reading)) return
      kept.set(readId, { evidence, until: uptimeMs() + keptMs })
      forgetOld()
    },
    find(readId) {
      forgetOld()
      return kept.get(readId)?.evidence
    },
    clear() {
      heard.clear()
      kept.clear()
    },
  }
}
