import fc from 'fast-check'
import { expect, it } from 'vitest'
import { concatBytes } from './base64url.ts'
import { packConsignment, unpackConsignment } from './consignment.ts'

const parcels = fc.array(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 3 }), { minLength: 1, maxLength: 5 })

it('gives back its parcels, each whole', () => {
  fc.assert(
    fc.property(parcels, (each) => {
      const unpacked = unpackConsignment(packConsignment(each))
      expect(unpacked.ok && unpacked.value.map((bytes) => concatBytes(bytes))).toEqual(each.map((parts) => concatBytes(...parts)))
    }),
    { seed: 7, numRuns: 100 },
  )
})

it('tells that it was cut off, except just behind a parcel, where it is a smaller one', () => {
  fc.assert(
    fc.property(parcels, fc.nat(), (each, at) => {
      const whole = packConsignment(each)
      const length = at % whole.length
      const cut = unpackConsignment(whole.subarray(0, length))
      let end = 0
      const ends = each.map((parts) => {
        end += 4 + parts.reduce((sum, part) => sum + part.length, 0)
        return end
      })
      const kept = ends.indexOf(length) + 1
      expect(cut.ok ? cut.value.length : 0).toBe(kept)
    }),
    { seed: 8, numRuns: 200 },
  )
})
