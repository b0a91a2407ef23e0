/** Specimen dossiers: obviously fictional people, personal numbers of province 000. For training, the tour and tests. */
import { z } from 'zod'
import grandparentLate from './1.001193-dang-ky-khai-sinh/specimens/grandparent-late.json' with { type: 'json' }
import marriedCouple from './1.001193-dang-ky-khai-sinh/specimens/married-couple.json' with { type: 'json' }
import singleMother from './1.001193-dang-ky-khai-sinh/specimens/single-mother.json' with { type: 'json' }

const SpecimenDossier = z.object({
  description: z.string(),
  procedureCode: z.string(),
  procedureVersion: z.string(),
  /** The day on which it is complete and right, yyyy-MM-dd. */
  today: z.iso.date(),
  answers: z.record(z.string(), z.string()),
  papers: z.array(z.string()),
  consents: z.record(z.string(), z.boolean()),
})
export type SpecimenDossier = z.infer<typeof SpecimenDossier>

export const specimenDossiers = {
  marriedCouple: SpecimenDossier.parse(marriedCouple),
  singleMother: SpecimenDossier.parse(singleMother),
  grandparentLate: SpecimenDossier.parse(grandparentLate),
} as const
