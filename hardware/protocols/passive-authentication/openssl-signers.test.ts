/**
 * Security objects that OpenSSL signed (`openssl cms -sign -econtent_type 2.23.136.1.1.1`), by keys and in forms which the specimens do
 * not have: each is proven up to the authority that issued its signer, and not with a changed byte.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseCertificate } from '../x509/certificate.ts'
import { authenticatePassively, type PassiveAnswer } from './passive-authentication.ts'
import { noTrust, type TrustAnchors, trustAnchors } from './trust-anchors.ts'
import { concludeProof } from './verdict.ts'

const base64 = z.string().transform((text) => Uint8Array.from(Buffer.from(text, 'base64')))
const { dg1, objects } = z
  .object({
    dg1: base64,
    objects: z.array(
      z.object({ name: z.string(), algorithm: z.string(), securityObject: base64, authority: base64, signer: base64.optional() }),
    ),
  })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../../tests/fixtures/openssl-security-objects.json'), 'utf8')))

const trustIn = (...files: (Uint8Array | undefined)[]): TrustAnchors => {
  const certificates = files.flatMap((file) => {
    const parsed = file === undefined ? undefined : parseCertificate(file)
    return parsed?.ok ? [parsed.value] : []
  })
  return trustAnchors(certificates, [], false)
}

const prove = (securityObject: Uint8Array, trust: TrustAnchors, group = dg1): PassiveAnswer =>
  authenticatePassively(
    { groups: new Map([['dg1', group]]), securityObject, listed: undefined },
    { trust, now: new Date('2027-01-01'), documentEnds: undefined, issuingState: 'UTO' },
  )
const verdictOf = (answer: PassiveAnswer) =>
  concludeProof(answer, { type: 'not-checked', reason: 'no-chip' }, { type: 'not-checked', reason: 'no-chip' }).verdict

describe.each(objects)('$name', ({ algorithm, securityObject, authority, signer }) => {
  it('is genuine, and with nobody trusted its issuer is unknown', () => {
    const answer = prove(securityObject, trustIn(authority, signer))
    expect(verdictOf(answer)).toEqual({ type: 'genuine', chip: 'not-offered' })
    expect(answer.checks.find(({ check }) => check === 'signature')?.detail).toBe(algorithm)
    expect(verdictOf(prove(securityObject, noTrust))).toEqual(
      signer === undefined
        ? { type: 'genuine-ca-unknown', chip: 'not-offered' }
        : { type: 'not-checked', reason: 'signer-certificate-missing' },
    )
  })

  it('is not with a changed group or a changed signature', () => {
    const changed = dg1.map((byte, at) => (at === 40 ? byte ^ 1 : byte))
    expect(verdictOf(prove(securityObject, trustIn(authority, signer), changed))).toMatchObject({
      type: 'not-genuine',
      reason: 'hash-differs',
    })
    // The signature stands last, before the marks that end indefinite lengths.
    let last = securityObject.length - 1
    while (securityObject[last] === 0) last -= 1
    const forged = securityObject.map((byte, at) => (at === last - 3 ? byte ^ 1 : byte))
    expect(verdictOf(prove(forged, trustIn(authority, signer)))).toMatchObject({
      type: 'not-genuine',
      reason: 'signature-differs',
    })
  })
})
