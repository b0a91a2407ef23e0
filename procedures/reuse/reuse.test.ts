import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Answers, ValueSource } from '../../contracts/dossier.ts'
import type { Procedure } from '../../contracts/procedure.ts'
import type { KnownPeople } from '../../contracts/visit.ts'
import { catalogue } from '../catalogue.ts'
import { specimenDossiers } from '../specimens.ts'
import { factsOf, forget, learn, nobody } from './known-people.ts'
import { candidatesFor, offersOf, offersOfLatest, takenOver } from './offers.ts'
import { compareIdentity } from './same-citizen.ts'

const { procedures } = catalogue.parseAll()

const operatorId = '00000000-0000-4000-8000-000000000001'
const at = '2026-11-22T02:00:00.000Z'
const day = { today: '2026-11-22' }
const seed = 20261122

const birth = ((): Procedure => {
  const found = procedures.find((procedure) => procedure.code === '1.001193')
  if (found === undefined) throw new Error('no birth registration')
  return found
})()

const answersOf = (values: Record<string, string>, source: ValueSource = 'typed', when = at): Answers =>
  Object.fromEntries(Object.entries(values).map(([id, value]) => [id, { value, provenance: { source, at: when, operatorId } }]))

const couple = specimenDossiers.marriedCouple.answers
const known = learn(nobody, birth, answersOf(couple), day)
const named = (people: KnownPeople, name: string) => people.people.find((person) => factsOf(person).fullName === name)

describe('who is the same citizen', () => {
  test('the number decides; without it the whole name and whole birth date do', () => {
    expect(compareIdentity({ personalNumber: '000196000127' }, { personalNumber: '000196000127', fullName: 'KHÁC' })).toBe('same')
    expect(
      compareIdentity({ personalNumber: '000196000127', fullName: 'A' }, { personalNumber: '000196000128', fullName: 'A' }),
    ).toBe('different')
    expect(
      compareIdentity({ fullName: 'Lò Văn Ửng', birthDate: '01/02/1994' }, { fullName: 'LÒ VĂN ỬNG', birthDate: '01/02/1994' }),
    ).toBe('same')
    expect(
      compareIdentity({ fullName: 'LÒ VĂN ỬNG', birthDate: '1994' }, { fullName: 'LÒ VĂN ỬNG', birthDate: '01/02/1994' }),
    ).toBe('unknown')
    expect(
      compareIdentity({ fullName: 'LÒ VĂN ỬNG', birthDate: '1995' }, { fullName: 'LÒ VĂN ỬNG', birthDate: '01/02/1994' }),
    ).toBe('different')
    expect(compareIdentity({ fullName: 'LÒ VĂN ỬNG' }, { fullName: 'LÒ VĂN ỬNG' })).toBe('unknown')
  })

  test('is said alike from both sides', () => {
    const part = fc.record(
      {
        fullName: fc.constantFrom('A', 'B'),
        birthDate: fc.constantFrom('1990', '01/01/1990', '02/01/1990'),
        personalNumber: fc.constantFrom('1', '2'),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(part, part, (one, other) => {
        expect(compareIdentity(one, other)).toBe(compareIdentity(other, one))
      }),
      { seed },
    )
  })
})

describe('what a dossier teaches', () => {
  test('the mother who asks is one person, the family is known', () => {
    expect(known.people.map((person) => factsOf(person).fullName)).toEqual([
      couple.requesterName,
      couple.childName,
      couple.fatherName,
    ])
    const mother = named(known, 'NGUYỄN THỊ ẲNH MẪU')
    expect(mother?.roles).toEqual(['requester', 'mother'])
    const relations = known.kin.map((kin) => `${kin.person} ${kin.relation} ${kin.of}`)
    expect(relations.sort()).toEqual(['p1 mother p2', 'p1 spouse p3', 'p3 father p2', 'p3 spouse p1'])
  })

  test('learning the same dossier again changes nothing', () => {
    expect(learn(known, birth, answersOf(couple), day)).toEqual(known)
  })

  test('the more trusted source stands first, and what differs is kept beside it', () => {
    const again = learn(
      known,
      birth,
      answersOf({ ...couple, requesterResidence: 'Nơi khác' }, 'card', '2026-11-22T03:00:00.000Z'),
      day,
    )
    const residences = named(again, 'NGUYỄN THỊ ẲNH MẪU')?.facts.residence?.map(({ value }) => value)
    expect(residences?.[0]).toMatch(/Nơi khác|Bản Mẫu/)
    expect(new Set(residences)).toEqual(new Set(['Nơi khác', couple.requesterResidence]))
  })

  test('another with the same name and another number is another person', () => {
    const other = learn(
      known,
      birth,
      answersOf({ ...couple, requesterRelation: 'Cô', requesterPersonalNumber: '000196000999' }),
      day,
    )
    expect(other.people.filter((person) => factsOf(person).fullName === 'NGUYỄN THỊ ẲNH MẪU')).toHaveLength(2)
  })

  test('a person who is forgotten leaves no relation behind', () => {
    const left = forget(known, 'p1')
    expect(left.people.map((person) => person.id)).toEqual(['p2', 'p3'])
    expect(left.kin).toEqual([{ person: 'p3', relation: 'father', of: 'p2' }])
  })
})

describe('what the next dossier is offered', () => {
  const sibling = { requesterPersonalNumber: couple.requesterPersonalNumber ?? '', requesterRelation: 'Mẹ' }

  test('the first candidate for the father is the mother’s husband', () => {
    const answers = answersOf({
      motherPersonalNumber: couple.motherPersonalNumber ?? '',
      motherPaperType: 'Thẻ căn cước',
      fatherDeclared: 'Có',
    })
    const [first] = candidatesFor(birth, 'father', known, answers, day)
    expect(first).toMatchObject({ reason: 'spouse', person: { id: 'p3' } })
    expect(first?.offers.map((offer) => offer.fieldId)).toEqual(
      expect.arrayContaining(['fatherName', 'fatherBirthDate', 'fatherEthnicity', 'fatherResidence', 'fatherPersonalNumber']),
    )
  })

  test('whoever the answers prove to be somebody else is no candidate', () => {
    const answers = answersOf({ requesterPaperType: 'Thẻ căn cước', requesterPersonalNumber: '000088000111' })
    const names = candidatesFor(birth, 'requester', known, answers, day).map(({ person }) => factsOf(person).personalNumber)
    expect(names).not.toContain(couple.requesterPersonalNumber)
    expect(names).not.toContain(couple.fatherPersonalNumber)
  })

  test('one who stands elsewhere in the form is not offered for a second place', () => {
    const answers = answersOf({ ...sibling, requesterPaperType: 'Thẻ căn cước', fatherDeclared: 'Có' })
    expect(candidatesFor(birth, 'child', known, answers, day).map(({ person }) => person.id)).toEqual(['p2', 'p3'])
    expect(candidatesFor(birth, 'mother', known, answers, day)[0]?.person.id).toBe('p1')
  })

  test('values that differ are offered side by side with what stands there, never put over it', () => {
    const mother = named(known, 'NGUYỄN THỊ ẲNH MẪU')
    const offers = mother === undefined ? [] : offersOf(birth, 'mother', known, mother, answersOf({ motherEthnicity: 'Thái' }))
    const ethnicity = offers.find((offer) => offer.fieldId === 'motherEthnicity')
    expect(ethnicity).toMatchObject({ current: { value: 'Thái', source: 'typed' }, choices: [{ value: 'Kinh' }] })
  })

  test('what is no fact of a person is offered only to a dossier of the same people', () => {
    const own = answersOf({ requesterPaperType: 'Thẻ căn cước', requesterPersonalNumber: couple.requesterPersonalNumber ?? '' })
    expect(offersOfLatest(birth, 'requester', known, own, day).map((offer) => offer.fieldId)).toContain('agency')
    const stranger = answersOf({ requesterPaperType: 'Thẻ căn cước', requesterPersonalNumber: '000088000111' })
    expect(offersOfLatest(birth, 'requester', known, stranger, day)).toEqual([])
    expect(offersOfLatest(birth, 'requester', nobody, own, day)).toEqual([])
  })

  test('a value keeps where it was first declared through any number of dossiers', () => {
    const first = learn(nobody, birth, answersOf(couple, 'card'), day)
    const person = named(first, 'NGUYỄN THỊ ẲNH MẪU')
    const choice = person?.facts.ethnicity?.[0]
    if (choice === undefined) throw new Error('nothing known')
    const taken = takenOver({ value: choice.value, known: choice }, { at: '2026-11-22T05:00:00.000Z', operatorId })
    expect(taken.provenance).toMatchObject({
      source: 'dossier',
      confirmed: true,
      from: { source: 'card', procedureCode: '1.001193', at },
    })
    const second = learn(nobody, birth, { ...answersOf(couple), motherEthnicity: taken }, day)
    const again = named(second, 'NGUYỄN THỊ ẲNH MẪU')?.facts.ethnicity?.[0]
    expect(
      again === undefined ? undefined : takenOver({ value: 'Kinh', known: again }, { at, operatorId }).provenance.from,
    ).toEqual(taken.provenance.from)
  })

  test('nobody is offered what was declared of somebody else', () => {
    const roles = birth.persons.map((person) => person.id)
    fc.assert(
      fc.property(fc.constantFrom(...roles), fc.constantFrom(...known.people), (role, person) => {
        const own = new Set(Object.values(person.facts).flatMap((values) => values.map(({ value }) => value)))
        for (const offer of offersOf(birth, role, known, person, {})) {
          for (const { value } of offer.choices) expect(own).toContain(value)
        }
      }),
      { seed, numRuns: 40 },
    )
  })
})

describe('a row of the same dossier', () => {
  test('says that its values are another field’s, or the chip’s, and no earlier dossier’s', () => {
    const insurance = procedures.find(({ code }) => code === '1.002179')
    if (insurance === undefined) throw new Error('no TK1-TS')
    const answers = (source: ValueSource): Answers =>
      answersOf({ insuredName: 'LÒ THỊ VÍ DỤ', insuredBirthDate: '03/02/1999' }, source)
    const taken = (source: ValueSource) => {
      const here = learn(nobody, insurance, answers(source), day, true)
      const value = here.people[0]?.facts.fullName?.[0]
      if (value === undefined) throw new Error('nobody')
      return takenOver({ value: value.value, known: value }, { at, operatorId }).provenance
    }
    expect(taken('typed')).toEqual({ source: 'derived', at, operatorId, confirmed: true })
    expect(taken('card')).toMatchObject({ source: 'card', confirmed: true })
    expect(taken('dossier')).toMatchObject({ source: 'dossier', confirmed: true })
  })
})
