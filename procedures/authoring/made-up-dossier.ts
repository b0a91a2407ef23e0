/**
 * A dossier made up for a document that has no specimen yet, so that the paths of its wizard can be tried: nobody's answers, by the
 * type of each field, changed where a rule says no. Undefined where no right one was found: such a document needs a specimen.
 */
import type { Answers } from '../../contracts/dossier.ts'
import type { Field, Procedure } from '../../contracts/procedure.ts'
import { askedPapers, checkStep, entriesOf, findField, isRequired, proposalFor, valuesOf, visibleFields } from '../rules/index.ts'
import type { SpecimenDossier } from '../specimens.ts'

/** yyyy-MM-dd, so many days away from the day, as a form writes it. */
const printedAway = (today: string, days: number): string => {
  const day = new Date(Date.parse(`${today}T00:00:00Z`) + days * 86_400_000).toISOString()
  return `${day.slice(8, 10)}/${day.slice(5, 7)}/${day.slice(0, 4)}`
}

/** What may stand in the field, the likeliest first. */
const candidatesOf = (field: Field, today: string): string[] => {
  switch (field.type) {
    case 'text':
      return ['Thử nghiệm']
    case 'name':
      return ['NGUYỄN VĂN MẪU']
    case 'date': {
      const past = [-12_000, -3, -400, -8000, -22_000, 0].map((days) => printedAway(today, days))
      return field.future ? [printedAway(today, 3), printedAway(today, 60), ...past] : past
    }
    case 'date-time':
      return [...(field.future ? [1] : []), -1, 0, -30].map((days) => `${printedAway(today, days)} 08:00`)
    case 'time':
      return ['08:00', '20:00']
    case 'personal-number':
      return ['000093000001', '000193000002', '000223000003', '000323000004', '000063000005', '000163000006']
    case 'digits':
      return field.lengths.map((length) => '1'.repeat(length))
    case 'phone':
      return ['0900000000']
    case 'email':
      return ['thu@example.vn']
    case 'number':
      return [field.min, Math.max(field.min, Math.min(field.max, 1)), field.max].map(String)
    case 'money':
      return ['0', '1000000']
    case 'choice':
    case 'multi-choice':
      return field.options.map(({ value }) => value)
    case 'listed':
      return entriesOf(field.list)
        .slice(0, 3)
        .map(({ name }) => name)
    case 'unit':
      return [field.level === 'province' ? 'Tỉnh Điện Biên' : 'Xã Mường Ảng, Tỉnh Điện Biên']
    case 'address':
      return ['Bản Thử, Xã Mường Ảng, Tỉnh Điện Biên']
    case 'rows':
      return [String(Math.max(1, field.min)), String(field.min)]
    case 'signature':
      return ['M100 150L300 100']
    case 'composed':
    case 'date-in-words':
      return []
  }
}

const patience = 400

export const madeUpDossier = (procedure: Procedure, today: string): SpecimenDossier | undefined => {
  const day = { today }
  let answers: Answers = {}
  let left = patience
  const put = (all: Answers, id: string, value: string): Answers => ({
    ...all,
    [id]: {
      value,
      provenance: { source: 'typed', at: `${today}T02:00:00.000Z`, operatorId: '9b0f6f3e-43ad-4a60-8c4d-0d6ed3a0c001' },
    },
  })
  const errorsOf = (step: string, all: Answers) =>
    checkStep(procedure, step, all, day).filter(({ severity }) => severity === 'error')

  /** What the form proposes by itself stands there too, and may bring up further fields. */
  const takeProposals = (step: string): void => {
    for (const field of visibleFields(procedure, step, answers, day)) {
      const proposal = proposalFor(field, valuesOf(procedure, answers, day), undefined, answers)
      if (proposal !== undefined && proposal.value !== '' && answers[field.id] === undefined)
        answers = put(answers, field.id, proposal.value)
    }
  }

  /** Only what must be answered: what may stay empty breaks no rule. An answer may bring up further fields. */
  const answerNeeded = (step: string): void => {
    for (let round = 0; round < 6; round += 1) {
      takeProposals(step)
      const empty = visibleFields(procedure, step, answers, day).filter(
        (field) =>
          answers[field.id] === undefined &&
          (isRequired(procedure, field, answers, day) || (field.type === 'rows' && field.min > 0)),
      )
      if (empty.length === 0) return
      for (const field of empty) {
        const [first] = candidatesOf(field, today)
        if (first !== undefined) answers = put(answers, field.id, first)
      }
    }
  }

  for (const { id: step } of procedure.steps) {
    answerNeeded(step)
    for (let errors = errorsOf(step, answers); errors.length > 0; errors = errorsOf(step, answers)) {
      const better = errors
        .flatMap(({ fields }) => fields)
        .flatMap((id) => {
          const field = findField(procedure, id)
          return field === undefined ? [] : candidatesOf(field, today).map((value) => put(answers, id, value))
        })
        .find((tried) => {
          left -= 1
          return left > 0 && errorsOf(step, tried).length < errors.length
        })
      if (better === undefined) return undefined
      answers = better
      answerNeeded(step)
    }
  }
  return {
    description: 'Hồ sơ máy tự đặt để thử đường đi / made up to try the paths',
    procedureCode: procedure.code,
    procedureVersion: procedure.version,
    today,
    answers: Object.fromEntries(Object.entries(answers).map(([id, { value }]) => [id, value])),
    papers: askedPapers(procedure, answers, day)
      .filter((paper) => paper.needed)
      .map((paper) => paper.id),
    consents: Object.fromEntries(procedure.consents.map(({ id }) => [id, true])),
    doubts: [],
  }
}
