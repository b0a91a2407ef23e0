import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Answers, Provenance } from '../../contracts/dossier.ts'
import type { Procedure } from '../../contracts/procedure.ts'
import { findProcedure } from '../catalogue.ts'
import { checkConsents, fieldsWithRows, keepingConsents } from '../rules/index.ts'
import { type SpecimenDossier, specimens } from '../specimens.ts'
import { factsToKeep, keepable } from './facts-to-keep.ts'

const operatorId = '00000000-0000-4000-8000-000000000001'
const at = '2026-11-22T02:00:00.000Z'
const seed = 20261122

const typed: Provenance = { source: 'typed', at, operatorId }
const card: Provenance = { source: 'card', at, operatorId, chip: { verdict: 'genuine', samePerson: 'yes' } }

const procedureOf = ({ procedureCode, procedureVersion }: SpecimenDossier): Procedure => {
  const procedure = findProcedure(procedureCode, procedureVersion)
  if (procedure === undefined) throw new Error(`no procedure ${procedureCode}`)
  return procedure
}

/** A specimen in which these persons' numbers come from their cards. */
const dossierOf = (specimen: SpecimenDossier, withCards: readonly string[], provenance = card): Answers => {
  const procedure = procedureOf(specimen)
  const plain: Answers = Object.fromEntries(
    Object.entries(specimen.answers).map(([id, value]) => [id, { value, provenance: typed }]),
  )
  const ofCards = fieldsWithRows(procedure, plain).filter(
    ({ fact }) => fact?.value === 'personalNumber' && withCards.includes(fact.person),
  )
  return Object.fromEntries(
    Object.entries(plain).map(([id, answer]) => [
      id,
      ofCards.some((field) => field.id === id) ? { ...answer, provenance } : answer,
    ]),
  )
}

const consentId = (person: string): string => `keepFactsOf${person.charAt(0).toUpperCase()}${person.slice(1)}`

const birth = specimens['1.001193-dang-ky-khai-sinh/specimens/married-couple.json']
if (birth === undefined) throw new Error('no specimen')
const birthProcedure = procedureOf(birth)
const day = { today: birth.today }

describe('who is asked', () => {
  test('each person whose own card was read, and nobody else', () => {
    const asked = keepingConsents(birthProcedure, dossierOf(birth, ['mother']), day, { months: 12 })
    expect(asked.map(({ id, required }) => ({ id, required }))).toEqual([{ id: 'keepFactsOfMother', required: false }])
    expect(asked[0]?.purpose.vi).toContain('12 tháng')
    expect(keepingConsents(birthProcedure, dossierOf(birth, []), day, { months: 12 })).toEqual([])
  })

  test('not by a code that was scanned, not by a card whose holder was not there, not by a card that nothing proves', () => {
    const weak: Provenance[] = [
      { source: 'qr', at, operatorId },
      { ...card, chip: { verdict: 'genuine', samePerson: 'holder-absent' } },
      { ...card, chip: { verdict: 'genuine', samePerson: 'unsure' } },
      { ...card, chip: { verdict: 'not-checked', samePerson: 'yes' } },
      { source: 'typed-over-card', at, operatorId, chip: { verdict: 'genuine', samePerson: 'yes' } },
    ]
    for (const provenance of weak)
      expect(keepingConsents(birthProcedure, dossierOf(birth, ['mother'], provenance), day, { months: 12 })).toEqual([])
  })

  test('a dossier is right with the consent given, refused, or not there at all', () => {
    for (const given of [[{ id: 'keepFactsOfMother', given: true }], [{ id: 'keepFactsOfMother', given: false }], []])
      expect(checkConsents(birthProcedure, [{ id: 'submit', given: true }, ...given])).toEqual([])
  })
})

describe('what is kept', () => {
  const kept = (consents: { id: string; given: boolean }[], cards = ['mother', 'father'], training = true) =>
    factsToKeep(birthProcedure, { answers: dossierOf(birth, cards), consents: consents.map(asConsent), training }, day)
  const asConsent = ({ id, given }: { id: string; given: boolean }) => ({ id, given, purpose: { vi: 'Lưu' }, at })

  test('facts of whoever consented, by number; nothing of a spouse, a child or by a refusal', () => {
    expect([...kept([{ id: 'keepFactsOfMother', given: true }]).keys()]).toEqual(['000196000127'])
    expect(kept([{ id: 'keepFactsOfMother', given: false }]).size).toBe(0)
    expect(kept([]).size).toBe(0)
    expect(kept([{ id: 'submit', given: true }]).size).toBe(0)
  })

  test('nothing by a consent without a card, and nothing where training and number do not go together', () => {
    expect(kept([{ id: 'keepFactsOfMother', given: true }], []).size).toBe(0)
    expect(kept([{ id: 'keepFactsOfMother', given: true }], ['mother'], false).size).toBe(0)
  })

  test('whatever the specimen and whoever consents: each kept value was declared of that very person', () => {
    const all = Object.values(specimens)
    fc.assert(
      fc.property(
        fc.constantFrom(...all).chain((specimen) => {
          const persons = procedureOf(specimen).persons.map(({ id }) => id)
          return fc.record({
            specimen: fc.constant(specimen),
            cards: fc.subarray(persons),
            consenting: fc.subarray(persons),
          })
        }),
        ({ specimen, cards, consenting }) => {
          const procedure = procedureOf(specimen)
          const answers = dossierOf(specimen, cards)
          const consents = consenting.map((person) => asConsent({ id: consentId(person), given: true }))
          const facts = factsToKeep(procedure, { answers, consents, training: true }, { today: specimen.today })
          const fields = fieldsWithRows(procedure, answers)
          const numberOf = (person: string) =>
            fields.flatMap(({ id, fact }) =>
              fact?.person === person && fact.value === 'personalNumber' ? [answers[id]?.value ?? ''] : [],
            )
          const allowed = new Set(consenting.filter((person) => cards.includes(person)).flatMap(numberOf))
          for (const [number, values] of facts) {
            expect(allowed).toContain(number)
            const own = procedure.persons.map(({ id }) => id).filter((person) => numberOf(person).includes(number))
            for (const [fact, value] of Object.entries(values)) {
              expect(keepable).toContain(fact)
              const declared = fields.filter((field) => field.fact?.value === fact && own.includes(field.fact.person))
              const inRows = fields.filter((field) => field.fact?.value === fact && /_\d+$/.test(field.fact.person))
              expect([...declared, ...inRows].map(({ id }) => answers[id]?.value)).toContain(value?.value)
            }
            expect(JSON.stringify(values)).not.toContain(number)
          }
        },
      ),
      { seed, numRuns: 300 },
    )
  })
})
