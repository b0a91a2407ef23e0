/** Every specimen dossier is right, and every wrong one is found wrong for its reason and no other. */
import { describe, expect, it } from 'vitest'
import type { Field, Finding, Procedure } from '../contracts/procedure.ts'
import { builtIn } from './built-in.ts'
import { findProcedure } from './catalogue.ts'
import { factsOfPerson } from './rules/fill.ts'
import { allFields, checkDossier, fillFromCard, findField, valuesOf } from './rules/index.ts'
import { type SpecimenDossier, specimens, wrongSpecimens } from './specimens.ts'
import { typedAnswers } from './typed-answers.ts'

const procedureOf = ({ procedureCode, procedureVersion }: SpecimenDossier): Procedure =>
  findProcedure(procedureCode, procedureVersion) ?? expect.fail(`no procedure ${procedureCode} of ${procedureVersion}`)

const check = (specimen: Omit<SpecimenDossier, 'answers'> & { answers: Readonly<Record<string, string | null>> }): Finding[] =>
  checkDossier(
    procedureOf({ ...specimen, answers: {} }),
    {
      answers: typedAnswers(specimen.answers),
      attachments: specimen.papers.map((paperId) => ({ paperId })),
      consents: Object.entries(specimen.consents).map(([id, given]) => ({ id, given })),
    },
    { today: specimen.today },
  )

const named = ({ severity, rule, field, paper }: { severity: string; [name: string]: string | undefined }): string =>
  [severity, rule ?? paper ?? field].join(' ')
const nameOf = ({ severity, rule, fields, paper }: Finding): string => [severity, rule ?? paper ?? fields[0]].join(' ')

describe('a specimen dossier', () => {
  it.each(Object.entries(specimens))('%s is right, whole and of nobody', (_file, specimen) => {
    const procedure = procedureOf(specimen)
    expect(check(specimen).map(nameOf).toSorted()).toEqual(specimen.doubts.map((rule) => `warning ${rule}`).toSorted())
    for (const [id, value] of Object.entries(specimen.answers)) {
      const field = allFields(procedure).find((candidate) => candidate.id === id)
      if (field?.type === 'personal-number') expect(value, id).toMatch(/^000\d{9}$/)
      if (field?.type === 'name' && /^\p{Lu}/u.test(value))
        expect(value, id).toMatch(/mẫu|thử|giả|ví dụ|hư cấu|nháp|phỏng|định/iu)
    }
  })
})

const held = ['fullName', 'birthDate', 'sex', 'ethnicity', 'nationality', 'personalNumber', 'placeOfOrigin'] as const

describe('the card of a person of a specimen', () => {
  it.each(Object.entries(specimens))('fills what %s declares of that person, and nobody else', (_file, specimen) => {
    const procedure = procedureOf(specimen)
    const answers = typedAnswers(specimen.answers)
    const visible = new Set(Object.keys(valuesOf(procedure, answers, specimen)))
    const rowsOf = ({ id, type }: Field): string[] =>
      type === 'rows' ? Array.from({ length: Number(specimen.answers[id] ?? 0) }, (_, index) => `${id}_${index + 1}`) : []
    const withCard = procedure.persons.filter(({ card }) => card).map(({ id }) => id)
    for (const person of [...withCard, ...allFields(procedure).flatMap(rowsOf)]) {
      const facts = factsOfPerson(procedure, person, answers, specimen)
      const { personalNumber, fullName, birthDate, paperIssueDate: issueDate } = facts
      if (personalNumber === undefined || fullName === undefined || !/^\d{2}\/\d{2}\/\d{4}$/.test(birthDate ?? '')) continue
      const same = Object.fromEntries(held.flatMap((name) => (facts[name] === undefined ? [] : [[name, facts[name]]])))
      const filled = fillFromCard(procedure, person, {
        ...same,
        personalNumber,
        fullName,
        ...(issueDate === undefined ? {} : { issueDate }),
      })
      // Which paper it is follows from the day it was issued; who gave only a number did not show a card.
      const ofPaper = ({ fieldId }: { fieldId: string }): boolean => findField(procedure, fieldId)?.fact?.value === 'paperType'
      const asked = filled.filter((each) => visible.has(each.fieldId) && (issueDate !== undefined || !ofPaper(each)))
      expect(asked.length, person).toBeGreaterThan(2)
      for (const { fieldId, value } of asked) expect(value, fieldId).toBe(specimen.answers[fieldId])
    }
  })
})

describe('a wrong specimen', () => {
  it.each(
    Object.entries(wrongSpecimens).flatMap(([folder, cases]) =>
      cases.map((wrong) => [folder, wrong.description, wrong] as const),
    ),
  )('%s: %s', (_folder, _description, { specimen, answers, papers, today, findings }) => {
    const found = check({
      ...specimen,
      answers: { ...specimen.answers, ...answers },
      papers: papers ?? specimen.papers,
      today: today ?? specimen.today,
    })
    const expected = [...findings.map(named), ...specimen.doubts.map((rule) => `warning ${rule}`)]
    expect(found.map(nameOf).toSorted()).toEqual([...new Set(expected)].toSorted())
  })

  it.each(Object.entries(wrongSpecimens))('breaks each rule of %s', (folder, cases) => {
    const doubts = Object.entries(specimens).flatMap(([file, { doubts }]) => (file.startsWith(`${folder}/`) ? doubts : []))
    const broken = new Set([
      ...cases.flatMap(({ findings }) => findings.map(({ rule }) => rule?.replace(/_\d+$/, ''))),
      ...doubts,
    ])
    const documents = Object.entries(builtIn.procedures).filter(([path]) => path.startsWith(`${folder}/`))
    for (const [path, json] of documents) {
      const { rules } = json as { rules?: { id: string }[] }
      for (const { id } of rules ?? []) expect(broken, `${path}: ${id}`).toContain(id)
    }
  })
})
