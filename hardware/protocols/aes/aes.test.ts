import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../bytes/bytes.ts'
import { pad, unpad } from '../bytes/padding.ts'
import { aesCmac, decryptAes, encryptAes } from './aes.ts'

const message =
  '6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E5130C81C46A35CE411E5FBC1191A0A52EFF69F2445DF4F9B17AD2B417BE66C3710'

describe('AES-CMAC', () => {
  it.each([
    [0, 'BB1D6929E95937287FA37D129B756746'],
    [16, '070A16B46B4D4144F79BDD9DD04A287C'],
    [40, 'DFA66747DE9AE63030CA32611497C827'],
    [64, '51F0BEBF7E3B9D92FC49741779363CFE'],
  ])('RFC 4493 section 4, %i bytes', (length, expected) => {
    const mac = aesCmac(fromHex('2B7E151628AED2A6ABF7158809CF4F3C'), fromHex(message).slice(0, length))
    expect(toHex(mac)).toBe(expected)
  })

  it.each([
    ['192', '8E73B0F7DA0E6452C810F32B809079E562F8EAD2522C6B7B', 'D17DDF46ADAACDE531CAC483DE7A9367'],
    ['256', '603DEB1015CA71BE2B73AEF0857D77811F352C073B6108D72D9810A30914DFF4', '028962F61B7BF89EFC6B551F4667D983'],
  ])('SP 800-38B appendix D, AES-%s over nothing', (_, key, expected) => {
    expect(toHex(aesCmac(fromHex(key), new Uint8Array()))).toBe(expected)
  })
})

it('CBC gives back what it was given, padded, for every key length', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(16, 24, 32).chain((length) => fc.uint8Array({ minLength: length, maxLength: length })),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc.uint8Array({ maxLength: 300 }),
      (key, iv, plain) => {
        const padded = pad(plain, 16)
        expect(padded.length % 16).toBe(0)
        expect(unpad(decryptAes(key, encryptAes(key, padded, iv), iv), 16)).toEqual(plain)
      },
    ),
    { seed: 9303, numRuns: 150 },
  )
})
