import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { signaturePath } from './signature-path.ts'

const point = fc.record({ x: fc.integer({ min: -50, max: 1100 }), y: fc.integer({ min: -50, max: 400 }) })

describe('a signature', () => {
  it('is moves and lines in whole numbers inside its box, and fits', () => {
    fc.assert(
      fc.property(fc.array(fc.array(point, { maxLength: 400 }), { maxLength: 30 }), (strokes) => {
        const path = signaturePath(strokes, 1900)
        expect(path.length).toBeLessThanOrEqual(1900)
        expect(path).toMatch(/^([ML]\d{1,4} \d{1,3})*$/)
      }),
      { seed: 20261123, numRuns: 60 },
    )
  })

  it('keeps corners and drops what lies on a straight line', () => {
    const straight = Array.from({ length: 50 }, (_, index) => ({ x: index * 10, y: 100 }))
    expect(signaturePath([[...straight, { x: 490, y: 200 }]], 1900)).toBe('M0 100L490 100L490 200')
    expect(signaturePath([], 1900)).toBe('')
  })
})
