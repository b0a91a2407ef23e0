/**
 * Specimen dossiers of every procedure: obviously fictional people, personal numbers of province 000. For training, the tour, tests
 * and the count of keystrokes. Each is right on its day; `wrong-specimens.json` beside them says what makes them wrong, and how.
 */
import { z } from 'zod'
import { specimenFiles, wrongSpecimenFiles } from './built-in-specimens.ts'

export const SpecimenDossier = z.strictObject({
  description: z.string(),
  procedureCode: z.string(),
  procedureVersion: z.string(),
  /** The day on which it is complete and right, yyyy-MM-dd. */
  today: z.iso.date(),
  answers: z.record(z.string(), z.string()),
  papers: z.array(z.string()),
  consents: z.record(z.string(), z.boolean()),
  /** Rules that raise a doubt about it, which its clerk keeps. */
  doubts: z.array(z.string()).default([]),
})
export type SpecimenDossier = z.infer<typeof SpecimenDossier>

const WrongSpecimen = z.strictObject({
  description: z.string(),
  /** The specimen it is made of: its file's name without `.json`. */
  of: z.string(),
  /** Answers put in place of its own; null takes an answer out. */
  answers: z.record(z.string(), z.string().nullable()).default({}),
  papers: z.array(z.string()).optional(),
  today: z.iso.date().optional(),
  /** Every finding there is, one of rule, field and paper each, beside the specimen's own doubts. */
  findings: z
    .array(
      z.strictObject({
        severity: z.enum(['error', 'warning']),
        rule: z.string().optional(),
        field: z.string().optional(),
        paper: z.string().optional(),
      }),
    )
    .min(1),
})
export type WrongSpecimen = z.infer<typeof WrongSpecimen> & { specimen: SpecimenDossier }

/** By file, for example `1.001193-dang-ky-khai-sinh/specimens/married-couple.json`. */
export const specimens: Readonly<Record<string, SpecimenDossier>> = Object.fromEntries(
  Object.entries(specimenFiles).map(([file, json]) => [file, SpecimenDossier.parse(json)]),
)

const specimenAt = (file: string): SpecimenDossier => {
  const specimen = specimens[file]
  if (specimen === undefined) throw new Error(`there is no specimen ${file}`)
  return specimen
}

/** By folder of the procedure. */
export const wrongSpecimens: Readonly<Record<string, readonly WrongSpecimen[]>> = Object.fromEntries(
  Object.entries(wrongSpecimenFiles).map(([file, json]) => {
    const folder = file.replace(/\/.*$/, '')
    const cases = z.array(WrongSpecimen).parse(json)
    return [folder, cases.map((wrong) => ({ ...wrong, specimen: specimenAt(`${folder}/specimens/${wrong.of}.json`) }))]
  }),
)

const birth = (name: string): SpecimenDossier => specimenAt(`1.001193-dang-ky-khai-sinh/specimens/${name}.json`)

/** The specimen births, by name. */
export const specimenDossiers = {
  marriedCouple: birth('married-couple'),
  singleMother: birth('single-mother'),
  grandparentLate: birth('grandparent-late'),
} as const
