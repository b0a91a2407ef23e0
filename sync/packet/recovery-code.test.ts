import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toUtf8 } from './base64url.ts'
import { unwrapKey, wrapKey } from './key-wrap.ts'
import {
  lastRecoverySlot,
  parseRecoveryChallenge,
  parseRecoveryCode,
  recoveryChallengeOf,
  recoveryCodeOf,
  recoveryKeyPair,
  stationLettersOf,
} from './recovery-code.ts'

const seed = { seed: 7, numRuns: 200 }
const twelve = fc.uint8Array({ minLength: 12, maxLength: 12 })

describe('recovery codes', () => {
  it('survive being read out: spaces, lower case, 0 for O, 1 for I, 8 for B', () => {
    fc.assert(
      fc.property(twelve, (bytes) => {
        const code = recoveryCodeOf(bytes)
        expect(code).toMatch(/^([A-Z2-7]{4}-){4}[A-Z2-7]{4}$/)
        const heard = code.toLowerCase().replaceAll('-', ' ').replaceAll('o', '0').replaceAll('i', '1').replaceAll('b', '8')
        expect(parseRecoveryCode(heard)).toEqual({ ok: true, value: code.replaceAll('-', '') })
      }),
      seed,
    )
  })

  it('notice any one letter that is wrong, missing or too many', () => {
    fc.assert(
      fc.property(twelve, fc.nat(19), fc.integer({ min: 1, max: 31 }), (bytes, at, shift) => {
        const letters = recoveryCodeOf(bytes).replaceAll('-', '')
        const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
        const wrong = alphabet.charAt((alphabet.indexOf(letters.charAt(at)) + shift) % 32)
        expect(parseRecoveryCode(letters.slice(0, at) + wrong + letters.slice(at + 1)).ok).toBe(false)
        expect(parseRecoveryCode(letters.slice(0, at) + letters.slice(at + 1)).ok).toBe(false)
        expect(parseRecoveryCode(`${letters}A`).ok).toBe(false)
      }),
      seed,
    )
  })

  it('name station and slot in the challenge', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1, max: lastRecoverySlot }), (stationId, slot) => {
        const read = parseRecoveryChallenge(recoveryChallengeOf(stationId, slot).toLowerCase())
        expect(read).toEqual({ ok: true, value: { stationLetters: stationLettersOf(stationId), slot } })
      }),
      seed,
    )
  })

  it('give the key of one slot of one station', async () => {
    const stationId = '0b3f1de2-7a55-4c1e-9d3a-000000000001'
    const letters = recoveryCodeOf(Uint8Array.from({ length: 12 }, (_, at) => at * 19)).replaceAll('-', '')
    const pair = await recoveryKeyPair(letters, stationId, 3)
    const wrap = await wrapKey(pair.publicKey, 'test', toUtf8('secret'))
    if (wrap === undefined) throw new Error('not wrapped')
    const again = await recoveryKeyPair(letters, stationId, 3)
    expect(await unwrapKey(again.privateKey, 'test', wrap)).toEqual(toUtf8('secret'))
    expect(await unwrapKey(again.privateKey, 'another purpose', wrap)).toBeUndefined()
    const other = await recoveryKeyPair(letters, stationId, 4)
    expect(await unwrapKey(other.privateKey, 'test', wrap)).toBeUndefined()
    expect(await wrapKey('AAAA', 'test', toUtf8('secret'))).toBeUndefined()
  })
})
