/** What each source says of the person, in the form in which sources are compared: the chip's groups, what was typed, the card's QR. */
import type { CardAccess, CardPerson, ScannedCode } from '../../../contracts/card.ts'
import type { PersonalDetails } from '../lds/additional-details.ts'
import { type MrzFields, vietnamesePersonalNumber } from '../mrz/mrz.ts'
import type { SourceFacts } from './compare-sources.ts'

/** Cards without end carry 991231. */
export const withoutEnd = '991231'

export const factsOfMrz = (mrz: MrzFields): SourceFacts => ({
  personalNumber: vietnamesePersonalNumber(mrz),
  documentNumber: mrz.documentNumber,
  name: mrz.name.replaceAll('<', ' '),
  birthDate: mrz.birthDate,
  sex: mrz.sex,
  expiryDate: mrz.expiryDate === withoutEnd ? undefined : mrz.expiryDate,
})

export const factsOfDg13 = (person: CardPerson): SourceFacts => ({ ...person, name: person.fullName })

export const factsOfDg11 = ({ personalNumber, birthDate, fullName }: PersonalDetails): SourceFacts => ({
  personalNumber,
  birthDate,
  name: fullName,
})

const slashDate = (isoDate: string | undefined): string | undefined => isoDate?.split('-').reverse().join('/')

/** `mrz` is the chip's own: only a Vietnamese card's access number is the end of its personal number. */
export const factsOfTyped = (access: CardAccess, mrz: MrzFields | undefined): SourceFacts => {
  switch (access.type) {
    case 'number':
      return {
        personalNumber: access.personalNumber,
        birthDate: slashDate(access.birthDate),
        issueDate: slashDate(access.issueDate),
        expiryDate: access.expiryDate === 'unlimited' ? undefined : slashDate(access.expiryDate),
      }
    case 'can': {
      const vietnamese = mrz !== undefined && vietnamesePersonalNumber(mrz) !== undefined
      return { ...access.mrz, ...(vietnamese ? { personalNumber: access.can } : {}) }
    }
    case 'mrz':
      return { documentNumber: access.documentNumber, birthDate: access.birthDate, expiryDate: access.expiryDate }
  }
}

export const factsOfScanned = (code: ScannedCode): SourceFacts => ({ ...code })
