/**
 * A chip's files, however they came, to their proof and what else is found: the card has expired, its groups contradict each other.
 *
 * Invariants: any bytes give an answer. Nothing of a group is believed here beyond what the proof needs: the issuing state and the last
 * day of DG1.
 */
import type { CardAccess, ScannedCode } from '../../../contracts/card.ts'
import type { CardFinding, CardProof } from '../../../contracts/card-proof.ts'
import { parseDg11 } from '../lds/additional-details.ts'
import { parseDg13 } from '../lds/dg13-vietnam.ts'
import { parseDg1 } from '../lds/lds.ts'
import { type ChipMapping, verifyChipMapping } from './card-security.ts'
import { arePersonsApart, compareSources } from './compare-sources.ts'
import { authenticatePassively, type ChipFiles } from './passive-authentication.ts'
import { factsOfDg11, factsOfDg13, factsOfMrz, factsOfScanned, factsOfTyped, withoutEnd } from './source-facts.ts'
import type { TrustAnchors } from './trust-anchors.ts'
import { type ChipCheckAnswer, concludeProof } from './verdict.ts'

/** The last moment of the document's last day, in the zone where it ends last. Undefined = without end, or no date. */
const documentEndsOf = (expiryDate: string): Date | undefined => {
  if (expiryDate === withoutEnd || !/^\d{6}$/.test(expiryDate)) return undefined
  const [year, month, day] = [expiryDate.slice(0, 2), expiryDate.slice(2, 4), expiryDate.slice(4, 6)].map(Number)
  const time = Date.UTC(2000 + (year ?? 0), (month ?? 1) - 1, (day ?? 1) + 1, 12) - 1
  return Number.isNaN(time) ? undefined : new Date(time)
}

/** YYMMDD of a document of this century, as one writes it. */
const dateWords = (date: string): string => `${date.slice(4, 6)}/${date.slice(2, 4)}/20${date.slice(0, 2)}`

export type FilesProof = { proof: CardProof; findings: CardFinding[] }

export const proveFiles = (
  files: ChipFiles,
  context: {
    trust: TrustAnchors
    now: Date
    active: ChipCheckAnswer
    chip: ChipCheckAnswer
    /** Where the chip was opened by PACE with chip authentication mapping. */
    mapping?: ChipMapping | undefined
    /** What opened the chip, and the card's code where it was scanned. */
    access?: CardAccess | undefined
    scanned?: ScannedCode | undefined
  },
): FilesProof => {
  const group = (name: string): Uint8Array => files.groups.get(name) ?? new Uint8Array()
  const [mrz, dg13, dg11] = [parseDg1(group('dg1')), parseDg13(group('dg13')), parseDg11(group('dg11'))]
  const documentEnds = mrz.ok ? documentEndsOf(mrz.value.expiryDate) : undefined
  const passive = authenticatePassively(files, {
    trust: context.trust,
    now: context.now,
    documentEnds,
    issuingState: mrz.ok ? mrz.value.issuingState : undefined,
  })
  const findings: CardFinding[] = []
  if (mrz.ok && documentEnds !== undefined && documentEnds < context.now)
    findings.push({ type: 'card-expired', expiryDate: dateWords(mrz.value.expiryDate) })
  if (mrz.ok && mrz.value.wrongChecks !== undefined) findings.push({ type: 'mrz-check-digits', checks: mrz.value.wrongChecks })
  const sources = {
    ...(mrz.ok ? { dg1: factsOfMrz(mrz.value) } : {}),
    ...(dg13.ok ? { dg13: factsOfDg13(dg13.value.person) } : {}),
    ...(dg11.ok ? { dg11: factsOfDg11(dg11.value) } : {}),
    // What opens the chip after a scan was taken from the code: it is one source, not two.
    ...(context.scanned !== undefined
      ? { scanned: factsOfScanned(context.scanned) }
      : context.access === undefined
        ? {}
        : { typed: factsOfTyped(context.access, mrz.ok ? mrz.value : undefined) }),
  }
  if (sources.dg1 !== undefined && sources.dg13 !== undefined && arePersonsApart(sources.dg1, sources.dg13))
    findings.push({ type: 'two-persons' })
  findings.push(...compareSources(sources))
  const mapping = context.mapping && verifyChipMapping(context.mapping, context.trust, context.now)
  return { proof: concludeProof(passive, context.active, context.chip, mapping), findings }
}
