/**
 * A chip's files, however they came, to their proof and what else is found: the card has expired, its groups contradict each other.
 *
 * Invariants: any bytes give an answer. Nothing of a group is believed here beyond what the proof needs: the issuing state and the last
 * day of DG1.
 */
import type { CardFinding, CardProof } from '../../../contracts/card-proof.ts'
import { parseDg11 } from '../lds/additional-details.ts'
import { parseDg13 } from '../lds/dg13-vietnam.ts'
import { parseDg1 } from '../lds/lds.ts'
import { type MrzFields, vietnamesePersonalNumber } from '../mrz/mrz.ts'
import { compareSources, type SourceFacts } from './compare-sources.ts'
import { authenticatePassively, type ChipFiles } from './passive-authentication.ts'
import type { TrustAnchors } from './trust-anchors.ts'
import { type ChipCheckAnswer, concludeProof } from './verdict.ts'

/** Cards without end carry 991231. */
const withoutEnd = '991231'

/** The last moment of the document's last day, in the zone where it ends last. Undefined = without end, or no date. */
const documentEndsOf = (expiryDate: string): Date | undefined => {
  if (expiryDate === withoutEnd || !/^\d{6}$/.test(expiryDate)) return undefined
  const [year, month, day] = [expiryDate.slice(0, 2), expiryDate.slice(2, 4), expiryDate.slice(4, 6)].map(Number)
  const time = Date.UTC(2000 + (year ?? 0), (month ?? 1) - 1, (day ?? 1) + 1, 12) - 1
  return Number.isNaN(time) ? undefined : new Date(time)
}

const factsOfMrz = (mrz: MrzFields): SourceFacts => ({
  personalNumber: vietnamesePersonalNumber(mrz),
  name: mrz.name.replaceAll('<', ' '),
  birthDate: mrz.birthDate,
  sex: mrz.sex,
  expiryDate: mrz.expiryDate === withoutEnd ? undefined : mrz.expiryDate,
})

export type FilesProof = { proof: CardProof; findings: CardFinding[] }

export const proveFiles = (
  files: ChipFiles,
  context: { trust: TrustAnchors; now: Date; active: ChipCheckAnswer; chip: ChipCheckAnswer },
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
    findings.push({ type: 'card-expired', expiryDate: mrz.value.expiryDate })
  const dg13Facts: SourceFacts | undefined = dg13.ok ? { ...dg13.value, name: dg13.value.fullName } : undefined
  const dg11Facts: SourceFacts | undefined = dg11.ok
    ? { personalNumber: dg11.value.personalNumber, birthDate: dg11.value.birthDate }
    : undefined
  findings.push(
    ...compareSources({
      ...(mrz.ok ? { dg1: factsOfMrz(mrz.value) } : {}),
      ...(dg13Facts === undefined ? {} : { dg13: dg13Facts }),
      ...(dg11Facts === undefined ? {} : { dg11: dg11Facts }),
    }),
  )
  return { proof: concludeProof(passive, context.active, context.chip), findings }
}
