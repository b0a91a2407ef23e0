import { describe, expect, it } from 'vitest'
import type { Answers } from '../../contracts/dossier.ts'
import { findProcedure } from '../catalogue.ts'
import { specimenDossiers } from '../specimens.ts'
import { matterOf } from './matter.ts'

const specimen = specimenDossiers.marriedCouple
const procedure = findProcedure(specimen.procedureCode, specimen.procedureVersion) ?? expect.fail('in the catalogue')
const day = { today: specimen.today }
const answersWith = (changes: Record<string, string> = {}): Answers =>
  Object.fromEntries(
    Object.entries({ ...specimen.answers, ...changes }).map(([id, value]) => [
      id,
      {
        value,
        provenance: { source: 'typed', at: '2026-11-22T02:00:00.000Z', operatorId: 'b6a2fcb5-0d61-4a3e-9a9b-5f0d1f1d0c01' },
      },
    ]),
  )
const matter = (changes?: Record<string, string>) => matterOf(procedure, answersWith(changes), day)

describe('the matter of a dossier', () => {
  it('is the same whoever asks, and however a name is typed', () => {
    expect(matter()).toBeDefined()
    expect(matter({ requesterFullName: 'Giàng A Mẫu', requesterPhone: '0900000000' })).toBe(matter())
    expect(matter({ childName: (specimen.answers.childName ?? '').toLocaleLowerCase('vi') })).toBe(matter())
  })

  it('is another for the other twin', () => {
    expect(matter({ childName: 'TRẦN THỊ MẪU EM' })).not.toBe(matter())
  })

  it('is none when nobody is named', () => {
    expect(matterOf(procedure, {}, day)).toBeUndefined()
  })
})
