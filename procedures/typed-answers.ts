/** Values as answers somebody typed: of specimens, wherever they are tried, checked, printed or replayed. A value that is not there is no answer. */
import type { Answers } from '../contracts/dossier.ts'

const provenance = {
  source: 'typed',
  at: '2026-11-22T02:00:00.000Z',
  operatorId: '9b0f6f3e-43ad-4a60-8c4d-0d6ed3a0c001',
} as const

export const typedAnswers = (values: Readonly<Record<string, string | null | undefined>>): Answers =>
  Object.fromEntries(
    Object.entries(values).flatMap(([id, value]) => (typeof value === 'string' ? [[id, { value, provenance }]] : [])),
  )
