/**
 * Recovery of a forgotten PIN by telephone. The kiosk shows a challenge, which names its station and a slot; the gateway's desk answers
 * with that slot's code; the code is the seed of a key pair whose public half the station got with its lease.
 *
 * Invariants: a code has 95 random bits and one character by which a misheard one is noticed before it counts as an attempt (Luhn's sum
 * modulo 32). Letters are those of base32 (RFC 4648 section 6); 0, 1 and 8 are taken for the letters they are heard or read as.
 */
import { err, ok, type Result } from '../../contracts/result.ts'
import { type Bytes, toUtf8 } from './base64url.ts'
import { deriveWrapKeyPair, type WrapKeyPair } from './key-wrap.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const codeLength = 20
const stationLetters = 8
const slotLetters = 3
const challengeLength = stationLetters + slotLetters + 1
export const lastRecoverySlot = 32 ** slotLetters - 1

const numberOf = (letter: string) => alphabet.indexOf(letter)
const letterOf = (value: number) => alphabet.charAt(value % 32)

const checkLetter = (letters: string): string => {
  const sum = Array.from(letters)
    .toReversed()
    .reduce((total, letter, at) => {
      const doubled = numberOf(letter) * (at % 2 === 0 ? 2 : 1)
      return total + Math.floor(doubled / 32) + (doubled % 32)
    }, 0)
  return letterOf((32 - (sum % 32)) % 32)
}

const canonical = (text: string) =>
  text
    .toUpperCase()
    .replaceAll('0', 'O')
    .replaceAll('1', 'I')
    .replaceAll('8', 'B')
    .replaceAll(/[^A-Z2-7]/g, '')

const grouped = (letters: string) => letters.match(/.{1,4}/g)?.join('-') ?? letters
const isWhole = (letters: string, length: number) =>
  letters.length === length && checkLetter(letters.slice(0, -1)) === letters.slice(-1)

/** Of 12 random bytes or more, as it is read out. */
export const recoveryCodeOf = (bytes: Uint8Array): string => {
  let bits = 0n
  for (const byte of bytes.subarray(0, 12)) bits = (bits << 8n) | BigInt(byte)
  const letters = Array.from({ length: codeLength - 1 }, (_, at) => letterOf(Number((bits >> BigInt(5 * at)) & 31n))).join('')
  return grouped(letters + checkLetter(letters))
}

/** The code's letters alone. */
export const parseRecoveryCode = (text: string): Result<string, { type: 'code-mistyped' }> => {
  const letters = canonical(text)
  return isWhole(letters, codeLength) ? ok(letters) : err({ type: 'code-mistyped' })
}

/** The first 40 bits of a station's id: enough to find it among all, short enough to be read out. */
export const stationLettersOf = (stationId: string): string => {
  const bits = BigInt(`0x${stationId.replaceAll('-', '').slice(0, 10)}`)
  return Array.from({ length: stationLetters }, (_, at) =>
    letterOf(Number((bits >> BigInt(5 * (stationLetters - 1 - at))) & 31n)),
  ).join('')
}

export const recoveryChallengeOf = (stationId: string, slot: number): string => {
  const slotText = [10, 5, 0].map((shift) => letterOf((slot >> shift) & 31)).join('')
  const letters = stationLettersOf(stationId) + slotText
  return grouped(letters + checkLetter(letters))
}

export const parseRecoveryChallenge = (
  text: string,
): Result<{ stationLetters: string; slot: number }, { type: 'challenge-mistyped' }> => {
  const letters = canonical(text)
  if (!isWhole(letters, challengeLength)) return err({ type: 'challenge-mistyped' })
  const slot = Array.from(letters.slice(stationLetters, -1)).reduce((value, letter) => value * 32 + numberOf(letter), 0)
  return ok({ stationLetters: letters.slice(0, stationLetters), slot })
}

/** Of a code's letters, for this station and slot alone. */
export const recoveryKeyPair = async (letters: string, stationId: string, slot: number): Promise<WrapKeyPair> => {
  const seed: Bytes = new Uint8Array(
    await crypto.subtle.digest('SHA-256', toUtf8(`tram recovery|${stationId}|${slot}|${letters}`)),
  )
  return deriveWrapKeyPair(seed)
}
