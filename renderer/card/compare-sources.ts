/** Where the card's QR and its chip say different things of the same person. Case, diacritics' encoding and blanks are no difference. */
import type { CardPerson } from '../../contracts/card.ts'
import type { CardFinding } from '../../contracts/card-proof.ts'
import type { CardQr } from '../../procedures/identity/card-qr.ts'

export type ComparedField = 'personalNumber' | 'fullName' | 'birthDate' | 'sex' | 'residence' | 'issueDate' | 'oldIdentityNumber'
export type Difference = { field: ComparedField; qr: string; chip: string }

const compared: readonly ComparedField[] = [
  'personalNumber',
  'fullName',
  'birthDate',
  'sex',
  'residence',
  'issueDate',
  'oldIdentityNumber',
]

const plain = (text: string): string =>
  text
    .normalize('NFC')
    .toLocaleUpperCase('vi')
    .replace(/[\s,.;-]+/g, ' ')
    .trim()

/** What only one of the two says is no difference: a chip without DG13 knows no address. */
export const differencesOf = (qr: CardQr, chip: CardPerson): Difference[] =>
  compared.flatMap((field) => {
    const [fromQr, fromChip] = [qr[field], chip[field]]
    if (fromQr === undefined || fromChip === undefined || fromQr === '' || fromChip === '') return []
    return plain(fromQr) === plain(fromChip) ? [] : [{ field, qr: fromQr, chip: fromChip }]
  })

type Found = Extract<CardFinding, { type: 'sources-differ' }>
type FoundField = Found['field']

const fieldOfFound: Readonly<Partial<Record<FoundField, ComparedField>>> = {
  'personal-number': 'personalNumber',
  name: 'fullName',
  'birth-date': 'birthDate',
  sex: 'sex',
  'issue-date': 'issueDate',
}

/**
 * What the station found besides `shown`: fields in which the chip contradicts itself, and in which it contradicts what was typed or
 * scanned (a name against the chip's MRZ, where the chip has no other).
 */
export const foundDifferences = (
  findings: readonly CardFinding[],
  shown: readonly Difference[],
): { inside: FoundField[]; outside: FoundField[] } => {
  const found = findings.filter((finding) => finding.type === 'sources-differ')
  const isOutside = ({ between }: Found): boolean => between.includes('typed') || between.includes('scanned')
  const fields = (list: readonly Found[]): FoundField[] => [...new Set(list.map(({ field }) => field))]
  return {
    inside: fields(found.filter((finding) => !isOutside(finding))),
    outside: fields(found.filter(isOutside)).filter((each) => !shown.some(({ field }) => field === fieldOfFound[each])),
  }
}

/** A card's QR as what it offers to fields: data entry. */
export const personOfQr = (qr: CardQr): CardPerson => ({
  personalNumber: qr.personalNumber,
  fullName: qr.fullName.toLocaleUpperCase('vi'),
  birthDate: qr.birthDate,
  sex: qr.sex,
  residence: qr.residence,
  ...(qr.issueDate === undefined ? {} : { issueDate: qr.issueDate }),
  ...(qr.oldIdentityNumber === undefined ? {} : { oldIdentityNumber: qr.oldIdentityNumber }),
})
