import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CardPerson } from '../../contracts/card.ts'
import type { Answers, Provenance } from '../../contracts/dossier.ts'
import type { Procedure } from '../../contracts/procedure.ts'
import { catalogue, findProcedure } from '../catalogue.ts'
import { specimens } from '../specimens.ts'
import { typedAnswers } from '../typed-answers.ts'
import { learnCard } from './known-cards.ts'
import { factsOf, learn, nobody } from './known-people.ts'
import { candidatesFor, offersOf, takenOver } from './offers.ts'
import { mostOffered, peopleOffered } from './people-offered.ts'
import { offeredRelations } from './relations-offered.ts'

const { procedures } = catalogue.parseAll()

const operatorId = '00000000-0000-4000-8000-000000000001'
const at = '2026-11-22T02:00:00.000Z'
const day = { today: '2026-11-22' }
const seed = 20261122
const chip = { verdict: 'genuine', samePerson: 'yes' } as const
const read: Provenance = { source: 'card', at, operatorId, chip }

const procedureOf = (code: string, version: string): Procedure =>
  findProcedure(code, version) ?? expect.fail(`${code} is in the catalogue`)
const residence = procedureOf('1.004222', '2026-07-01')
const birth = procedureOf('1.001193', '2026-07-18')

const card: CardPerson = {
  personalNumber: '000190000017',
  fullName: 'NGUYỄN THỊ MẪU',
  birthDate: '14/05/1990',
  sex: 'Nữ',
  ethnicity: 'Kinh',
  residence: 'Bản Mẫu, Xã Thử Nghiệm, Tỉnh Ví Dụ',
  issueDate: '01/02/2025',
  motherName: 'PHẠM THỊ ĐỊNH',
  spouseName: 'TRẦN VĂN THỬ',
}
const known = learnCard(nobody, card, read)
const holder = known.people.find((person) => factsOf(person).personalNumber === card.personalNumber) ?? expect.fail('the holder')

describe('a card that was read in the visit', () => {
  test('stays the source of what a dossier took from it, whichever came last', () => {
    for (const later of ['2026-11-22T01:00:00.000Z', '2026-11-22T03:00:00.000Z']) {
      const taken = { ...read, at: later }
      const declared: Answers = {
        motherName: { value: 'NGUYỄN THỊ MẪU', provenance: taken },
        motherPersonalNumber: { value: '000190000017', provenance: taken },
        motherBirthDate: { value: '14/05/1990', provenance: taken },
        motherEthnicity: { value: 'Kinh', provenance: taken },
      }
      const both = learn(known, birth, declared, day)
      const mother =
        both.people.find((person) => factsOf(person).personalNumber === card.personalNumber) ?? expect.fail('the mother')
      const ethnicity = offersOf(birth, 'mother', both, mother, {}).find(({ fieldId }) => fieldId === 'motherEthnicity')
        ?.choices[0]
      expect(both.people.filter((person) => factsOf(person).fullName === 'NGUYỄN THỊ MẪU')).toHaveLength(1)
      expect(ethnicity && takenOver(ethnicity, { at: later, operatorId }).provenance.source).toBe('card')
    }
  })

  test('tells of its holder also what the form at hand does not ask, with the proof of the chip', () => {
    const offers = offersOf(birth, 'mother', known, holder, {})
    const ethnicity = offers.find(({ fieldId }) => fieldId === 'motherEthnicity')?.choices[0] ?? expect.fail('it is known')
    expect(takenOver(ethnicity, { at: '2026-11-22T05:00:00.000Z', operatorId })).toEqual({
      value: 'Kinh',
      provenance: { source: 'card', at, operatorId, chip, confirmed: true },
    })
  })

  test('tells of the holder’s relatives their names alone, and says whose card it was by', () => {
    const mother = known.people.find((person) => factsOf(person).fullName === 'PHẠM THỊ ĐỊNH') ?? expect.fail('she is known')
    expect(Object.keys(mother.facts)).toEqual(['fullName'])
    expect(known.kin).toContainEqual({ person: mother.id, relation: 'mother', of: holder.id })
    const [offer] = offersOf(residence, 'head', known, mother, {})
    const choice = offer?.choices[0] ?? expect.fail('her name is offered')
    expect(takenOver(choice, { at, operatorId }).provenance).toMatchObject({ source: 'derived', from: { source: 'card', chip } })
  })

  test('read again teaches nothing new', () => {
    expect(learnCard(known, card, read)).toEqual(known)
  })

  test('and a dossier that declares the same spouse of the same holder speak of one person', () => {
    const specimen = specimens['1.004222-dang-ky-thuong-tru/specimens/with-child.json'] ?? expect.fail('it is there')
    const both = learn(known, residence, typedAnswers(specimen.answers), day)
    expect(both.people.filter((person) => factsOf(person).fullName === 'TRẦN VĂN THỬ')).toHaveLength(1)
  })

  test('offers a relative’s name where a form does not say how its people are related, and by kinship where it does', () => {
    const answers = typedAnswers({ declarantName: card.fullName ?? '', declarantPersonalNumber: card.personalNumber ?? '' })
    const heads = candidatesFor(residence, 'head', known, answers, day)
    expect(heads.map(({ person, reason }) => [factsOf(person).fullName, reason])).toContainEqual(['TRẦN VĂN THỬ', 'relative'])
    const mothers = typedAnswers({
      motherName: card.fullName ?? '',
      motherPersonalNumber: card.personalNumber ?? '',
      motherPaperType: 'Thẻ căn cước',
      fatherDeclared: 'Có',
      marriageCertificate: 'Có',
    })
    expect(
      candidatesFor(birth, 'father', known, mothers, day).map(({ person, reason }) => [factsOf(person).fullName, reason]),
    ).toEqual([['TRẦN VĂN THỬ', 'spouse']])
    expect(candidatesFor(birth, 'child', known, mothers, day)).toEqual([])
  })

  test('says what the relation is once both stand in the dossier', () => {
    const answers = typedAnswers({
      declarantName: card.fullName ?? '',
      declarantPersonalNumber: card.personalNumber ?? '',
      declarantIsHead: 'Có',
      headName: card.fullName ?? '',
      headPersonalNumber: card.personalNumber ?? '',
      members: '1',
      members_1_name: 'PHẠM THỊ ĐỊNH',
    })
    expect(offeredRelations(residence, 'membersStep', known, answers, day)).toMatchObject([
      { fieldId: 'members_1_relation', choices: [{ value: 'Mẹ đẻ' }] },
    ])
    const withSpouse = { ...answers, ...typedAnswers({ members_1_name: 'TRẦN VĂN THỬ' }) }
    expect(offeredRelations(residence, 'membersStep', known, withSpouse, day)).toMatchObject([
      { fieldId: 'members_1_relation', choices: [{ value: 'Chồng' }] },
    ])
  })
})

describe('somebody whom a draft of this visit names too', () => {
  const answers = typedAnswers({ declarantName: card.fullName ?? '', declarantPersonalNumber: card.personalNumber ?? '' })
  const offeredWith = (drafts: typeof known) => peopleOffered(residence, 'declarant', { visit: known, drafts }, answers, day)

  test('is asked about once', () => {
    expect(offeredWith(known)).toEqual(offeredWith(nobody))
    expect(offeredWith(nobody)).toHaveLength(1)
  })

  test('and again for what the draft alone says', () => {
    const phone = { declarantPhone: '0912345678' }
    const [, beyond] = offeredWith(learn(known, residence, { ...answers, ...typedAnswers(phone) }, day))
    expect(beyond?.candidate.offers.map(({ fieldId }) => fieldId)).toEqual(['declarantPhone'])
  })
})

describe('who is asked about', () => {
  const family = learn(
    known,
    birth,
    typedAnswers(specimens['1.001193-dang-ky-khai-sinh/specimens/married-couple.json']?.answers ?? {}),
    day,
  )

  test('is never more than there are keys, and of empty rows the first', () => {
    const offered = peopleOffered(
      residence,
      'membersStep',
      { visit: family, drafts: nobody },
      typedAnswers({ members: '3' }),
      day,
    )
    expect(offered.length).toBeLessThanOrEqual(mostOffered)
    expect(new Set(offered.map(({ personId }) => personId))).toEqual(new Set(['members_1']))
  })

  test('and a declaration of a death tells the support for the burial when it was and of what', () => {
    const death = procedureOf('1.000656', '2026-07-18')
    const before = specimens['1.000656-dang-ky-khai-tu/specimens/daughter-for-father.json'] ?? expect.fail('the specimen')
    const visit = learn(nobody, death, typedAnswers(before.answers), day)
    const burial = procedureOf('1.001731', '2026-07-18')
    const [deceased] = peopleOffered(burial, 'deceased', { visit, drafts: nobody }, {}, day)
    const offered = deceased?.candidate.offers.map(({ fieldId, choices }) => [fieldId, choices[0]?.value])
    expect(offered).toEqual(
      expect.arrayContaining([
        ['deathDate', '15/11/2026'],
        ['deathCause', 'Suy tim'],
      ]),
    )
  })

  test('is one of those asked about beside who declared the last time: another of the family may declare now', () => {
    const before = specimens['1.004222-dang-ky-thuong-tru/specimens/with-child.json'] ?? expect.fail('the specimen')
    const visit = learn(nobody, residence, typedAnswers(before.answers), day)
    const offered = peopleOffered(residence, 'declarant', { visit, drafts: nobody }, {}, day)
    expect(offered.map(({ candidate }) => [factsOf(candidate.person).fullName, candidate.reason])).toEqual([
      ['NGUYỄN THỊ MẪU', 'same-role'],
      ['TRẦN VĂN THỬ', 'at-the-counter'],
      ['TRẦN THỊ NHÁP MẪU', 'at-the-counter'],
    ])
  })

  test('is a child only after the grown-ups', () => {
    const before = specimens['1.004222-dang-ky-thuong-tru/specimens/with-child.json'] ?? expect.fail('the specimen')
    const { people, ...rest } = learn(nobody, residence, typedAnswers(before.answers), day)
    const visit = { ...rest, people: people.toReversed() }
    const offered = peopleOffered(birth, 'requester', { visit, drafts: nobody }, {}, day)
    expect(offered.map(({ candidate }) => factsOf(candidate.person).fullName)).toEqual([
      'TRẦN VĂN THỬ',
      'NGUYỄN THỊ MẪU',
      'TRẦN THỊ NHÁP MẪU',
    ])
  })

  test('is nobody who stands in another row already', () => {
    const answers = typedAnswers({
      members: '2',
      members_1_name: card.fullName ?? '',
      members_1_personalNumber: card.personalNumber ?? '',
    })
    const offered = peopleOffered(residence, 'membersStep', { visit: family, drafts: nobody }, answers, day)
    const second = offered.filter(({ personId }) => personId === 'members_2')
    expect(second.map(({ candidate }) => factsOf(candidate.person).fullName)).not.toContain(card.fullName)
  })
})

describe('no identity is copied from one person to another', () => {
  /** Everything by which two citizens are told apart, and what is theirs alone. */
  const own = ['personalNumber', 'birthDate', 'oldIdentityNumber', 'paperNumber', 'paperIssueDate', 'phone', 'email'] as const

  test('of any number of cards and dossiers, each person’s own facts are what was declared of that person', () => {
    const people = Array.from({ length: 4 }, (_, index): CardPerson => {
      return {
        ...card,
        personalNumber: `00019000001${index}`,
        fullName: `NGUYỄN THỊ ${'ABCD'.charAt(index)}`,
        birthDate: `1${index}/05/1990`,
      }
    })
    const cards = fc.array(fc.constantFrom(...people), { minLength: 1, maxLength: 4 })
    const dossiers = fc.array(fc.constantFrom(...Object.values(specimens)), { maxLength: 3 })
    fc.assert(
      fc.property(cards, dossiers, (readCards, declared) => {
        const after = declared.reduce(
          (all, { procedureCode, procedureVersion, answers }) => {
            return learn(all, procedureOf(procedureCode, procedureVersion), typedAnswers(answers), day)
          },
          readCards.reduce((all, each) => learnCard(all, each, read), nobody),
        )
        const numbers = after.people.map((person) => person.facts.personalNumber?.map(({ value }) => value) ?? [])
        // One citizen has one number, and no two people of a visit share one.
        for (const each of numbers) expect(each.length).toBeLessThanOrEqual(1)
        expect(new Set(numbers.flat()).size).toBe(numbers.flat().length)
        for (const each of readCards) {
          const person = after.people.find((one) => factsOf(one).personalNumber === each.personalNumber)
          expect(person?.facts.birthDate?.map(({ value }) => value)).toEqual([each.birthDate])
        }
      }),
      { seed, numRuns: 60 },
    )
  })

  test('whoever is offered, a field of one person gets only what was declared of the person offered', () => {
    const visit = Object.values(specimens)
      .slice(0, 12)
      .reduce((all, { procedureCode, procedureVersion, answers }) => {
        return learn(all, procedureOf(procedureCode, procedureVersion), typedAnswers(answers), day)
      }, known)
    fc.assert(
      fc.property(fc.constantFrom(...procedures), (procedure) => {
        for (const { id } of procedure.persons) {
          for (const { person, offers } of candidatesFor(procedure, id, visit, {}, day)) {
            for (const { fieldId, choices } of offers) {
              const field = procedure.steps.flatMap(({ fields }) => fields).find((each) => each.id === fieldId)
              expect(field?.fact?.person).toBe(id)
              const fact = own.find((name) => name === field?.fact?.value)
              if (fact === undefined) continue
              const theirs = [
                ...(person.facts[fact] ?? []),
                ...(fact === 'paperNumber' ? (person.facts.personalNumber ?? []) : []),
              ]
              for (const { value } of choices) expect(theirs.map((each) => each.value)).toContain(value)
            }
          }
        }
      }),
      { seed, numRuns: 30 },
    )
  })
})
