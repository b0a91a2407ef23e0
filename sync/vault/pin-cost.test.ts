import { describe, expect, it } from 'vitest'
import { digitsAdvised, pinSearchCost } from './pin-cost.ts'

describe('the cost of searching a PIN on a stolen disk', () => {
  it('is half of all PINs times one guess, where the device secret is a file', () => {
    expect(pinSearchCost('file', 6)).toMatchObject({ kind: 'searchable', enough: false })
    const six = pinSearchCost('file', 6)
    const ten = pinSearchCost('file', 10)
    if (six.kind !== 'searchable' || ten.kind !== 'searchable') throw new Error('searchable')
    expect(six.coreHours).toBeCloseTo(13.9, 1)
    expect(ten.coreHours / six.coreHours).toBeCloseTo(10_000)
    expect(ten.enough).toBe(true)
  })

  it('asks for ten digits there, and for six where the disk alone is not enough', () => {
    expect(digitsAdvised('file')).toBe(10)
    expect(digitsAdvised('os-keystore')).toBe(6)
    expect(digitsAdvised('tpm')).toBe(6)
  })
})
