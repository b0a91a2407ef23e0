import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, fromHex, toHex } from '../bytes/bytes.ts'
import { pad, unpad } from '../bytes/padding.ts'
import { checkDigit, mrzKeyInformation } from '../mrz/mrz.ts'
import { authenticationData, completeAuthentication, deriveKeys, documentKeySeed, documentKeys } from './bac.ts'
import { decrypt3des, encrypt3des, retailMac } from './triple-des.ts'

const document = { documentNumber: 'L898902C', birthDate: '690806', expiryDate: '940623' }
const chipNonce = fromHex('4608F91988702212')
const random = { nonce: fromHex('781723860C06C226'), keyShare: fromHex('0B795240CB7049B01C19B33E32804F0B') }
const chipAnswer = fromHex('46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D7449')

describe('Doc 9303-11 appendix D: the worked example of BAC', () => {
  it('D.1 derives the document basic access keys from the seed', () => {
    const keys = deriveKeys(fromHex('239AB9CB282DAF66231DC5A4DF6BFBAE'))
    expect(toHex(keys.encryption)).toBe('AB94FDECF2674FDFB9B391F85D7F76F2')
    expect(toHex(keys.mac)).toBe('7962D9ECE03D1ACD4C76089DCE131543')
  })

  it('D.2 makes the seed from the MRZ of the example', () => {
    expect(mrzKeyInformation(document)).toBe('L898902C<369080619406236')
    expect(toHex(documentKeySeed('L898902C<369080619406236'))).toBe('239AB9CB282DAF66231DC5A4DF6BFBAE')
  })

  it('D.2 takes a document number of more than nine characters whole', () => {
    expect(mrzKeyInformation({ documentNumber: 'D23145890734', birthDate: '340712', expiryDate: '950712' })).toBe(
      'D23145890734934071279507122',
    )
    expect(toHex(documentKeySeed('D23145890734934071279507122'))).toBe('B366AD857DDCA2B08C0E299811714730')
  })

  it('D.3 makes the data of EXTERNAL AUTHENTICATE', () => {
    expect(toHex(authenticationData(documentKeys(document), chipNonce, random))).toBe(
      '72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F25F1448EEA8AD90A7',
    )
  })

  it('D.3 makes session keys and the send sequence counter from the answer', () => {
    const session = completeAuthentication(documentKeys(document), chipNonce, random, chipAnswer)
    if (!session.ok) throw new Error(session.error.type)
    expect(toHex(session.value.keys.encryption)).toBe('979EC13B1CBFE9DCD01AB0FED307EAE5')
    expect(toHex(session.value.keys.mac)).toBe('F1CB1F1FB5ADF208806B89DC579DC1F8')
    expect(toHex(session.value.sendSequenceCounter)).toBe('887022120C06C226')
  })
})

describe('what BAC refuses', () => {
  it('an answer with any bit changed', () => {
    fc.assert(
      fc.property(fc.nat({ max: 39 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = chipAnswer.map((byte, index) => (index === at ? byte ^ change : byte))
        expect(completeAuthentication(documentKeys(document), chipNonce, random, changed).ok).toBe(false)
      }),
      { seed: 9303, numRuns: 200 },
    )
  })

  it('an answer under the right keys which repeats another nonce', () => {
    const keys = documentKeys(document)
    const cryptogram = encrypt3des(keys.encryption, concatBytes(chipNonce, new Uint8Array(24)))
    const answer = concatBytes(cryptogram, retailMac(keys.mac, cryptogram))
    expect(completeAuthentication(keys, chipNonce, random, answer)).toEqual({ ok: false, error: { type: 'bac-nonce-wrong' } })
  })

  it('an answer of any other length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(completeAuthentication(documentKeys(document), chipNonce, random, bytes).ok).toBe(false)
      }),
      { seed: 9303, numRuns: 100 },
    )
  })
})

describe('3DES', () => {
  it('gives back what it was given, padded or not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.uint8Array({ maxLength: 300 }), (key, message) => {
        const padded = pad(message, 8)
        expect(padded.length % 8).toBe(0)
        expect(unpad(decrypt3des(key, encrypt3des(key, padded)), 8)).toEqual(message)
      }),
      { seed: 9303, numRuns: 100 },
    )
  })
})

it('check digits of Doc 9303-3 section 4.9', () => {
  expect(checkDigit('L898902C<')).toBe('3')
  expect(checkDigit('690806')).toBe('1')
  expect(checkDigit('940623')).toBe('6')
})
