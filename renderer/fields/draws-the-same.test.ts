import { describe, expect, it } from 'vitest'
import type { Finding } from '../../contracts/procedure.ts'
import { findProcedure } from '../../procedures/catalogue.ts'
import { drawsTheSame } from './draws-the-same.ts'
import type { FieldProps } from './field-frame.tsx'

const field = findProcedure('1.001193', '2026-07-18')?.steps[0]?.fields[0] ?? expect.fail('the form has a field')
const act = (): void => undefined
const kept = (): boolean => false
const doubt = (): Finding => ({ severity: 'warning', fields: [field.id], rule: 'late', message: { vi: 'Muộn.' } })
const props = (): FieldProps => ({
  field,
  answer: undefined,
  required: true,
  findings: [doubt()],
  places: ['Thôn Thử'],
  onType: act,
  onAnswer: act,
  onKeep: act,
  isKept: () => kept(),
  onUnlock: act,
})
const provenance = {
  source: 'typed' as const,
  at: '2026-11-22T05:00:00.000Z',
  operatorId: '9b0f6f3e-43ad-4a60-8c4d-0d6ed3a0c001',
}

describe('a field', () => {
  it('is not drawn again for findings, places and questions made anew that say the same', () => {
    expect(drawsTheSame(props(), props())).toBe(true)
  })

  it.each<[string, Partial<FieldProps>]>([
    ['its answer', { answer: { value: 'A', provenance } }],
    ['whether it must be given', { required: false }],
    ['a finding less', { findings: [] }],
    ['a finding more', { findings: [doubt(), doubt()] }],
    ['a finding’s words', { findings: [{ ...doubt(), message: { vi: 'Sớm.' } }] }],
    ['a finding’s weight', { findings: [{ ...doubt(), severity: 'error' }] }],
    ['a doubt that was kept', { isKept: () => true }],
    ['a place more', { places: ['Thôn Thử', 'Thôn Mới'] }],
    ['another act', { onAnswer: () => undefined }],
    ['another way to type', { onType: () => undefined }],
  ])('is drawn again for %s', (_, change) => {
    expect(drawsTheSame(props(), { ...props(), ...change })).toBe(false)
    expect(drawsTheSame({ ...props(), ...change }, props())).toBe(false)
  })
})
