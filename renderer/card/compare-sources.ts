/** Where the card's QR and its chip say different things of the same person. Case, diacritics' encoding and blanks are no difference. */
import type { CardPerson } from '../../contracts/card.ts'
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
