/**
 * From a document signer to a country signing CA that is trusted (Doc 9303-12 section 6, RFC 5280 section 6): directly or over link
 * certificates; in force; not revoked.
 *
 * Invariants: every step of a path is a verified signature by a certificate of the trust store that may sign certificates; at most
 * `maxPath` steps and `maxSignatures` verifications, whatever the store holds.
 */
import { equalBytes } from '../bytes/bytes.ts'
import { type Certificate, verifyIssued } from '../x509/certificate.ts'
import type { RevocationList } from '../x509/revocation-list.ts'
import { isSelfSigned, type TrustAnchors } from './trust-anchors.ts'

export type PathAnswer =
  /** From the signer, not included, to the anchor. */
  | { type: 'path'; authorities: readonly Certificate[] }
  | {
      type: 'none'
      reason: 'issuer-not-in-trust-store' | 'link-without-anchor' | 'algorithm-unsupported' | 'critical-extension-unknown'
    }
  /** The one it names as its issuer is there, and did not sign it. */
  | { type: 'forged' }

const maxPath = 5
const maxSignatures = 24

const sameCertificate = (left: Certificate, right: Certificate): boolean => equalBytes(left.raw, right.raw)

const maySign = (certificate: Certificate): boolean => certificate.isCa !== false && certificate.signsCertificates !== false

const likelihood = (certificate: Certificate, issuer: Certificate): number =>
  (issuer.subjectKeyIdentifier === certificate.authorityKeyIdentifier ? 2 : 0) +
  (issuer.authorityKeyIdentifier === undefined || issuer.authorityKeyIdentifier === issuer.subjectKeyIdentifier ? 1 : 0)

const remembered = new WeakMap<TrustAnchors, Map<string, PathAnswer>>()
const maxRemembered = 256

const findPath = (signer: Certificate, trust: TrustAnchors): PathAnswer => {
  let signatures = 0
  let unsupported = false
  let named = false
  let linked = false
  let forged = false

  const climb = (certificate: Certificate, path: readonly Certificate[]): readonly Certificate[] | undefined => {
    if (path.length >= maxPath) return undefined
    const issuers = (trust.bySubject.get(certificate.issuer.comparable) ?? [])
      .filter((issuer) => maySign(issuer) && !path.some((each) => sameCertificate(each, issuer)))
      // The key it names first; authority key identifiers are known to be wrong, so the others are tried too. Of one key's certificates
      // the self-signed one is the shorter way.
      .sort((left, right) => likelihood(certificate, right) - likelihood(certificate, left))
    let fitted = false
    let differs = false
    for (const issuer of issuers) {
      if (signatures >= maxSignatures) return undefined
      if (path.length === 0) named = true
      signatures += 1
      const answer = verifyIssued(certificate, issuer)
      if (answer.type === 'unsupported') unsupported = true
      if (answer.type === 'differs')
        // Without a key's name it may as well be a key that the store has not got yet.
        differs ||=
          certificate.authorityKeyIdentifier !== undefined && certificate.authorityKeyIdentifier === issuer.subjectKeyIdentifier
      if (answer.type !== 'fits') continue
      fitted = true
      if (isSelfSigned(issuer)) return [...path, issuer]
      linked = true
      const further = climb(issuer, [...path, issuer])
      if (further !== undefined) return further
    }
    if (path.length === 0 && differs && !fitted && !unsupported) forged = true
    return undefined
  }

  if (signer.unknownCritical.length > 0) return { type: 'none', reason: 'critical-extension-unknown' }
  // A self-signed signer counts only where somebody put this very certificate into the store.
  if (trust.certificates.some((each) => sameCertificate(each, signer)) && isSelfSigned(signer))
    return { type: 'path', authorities: [] }
  const authorities = climb(signer, [])
  if (authorities !== undefined)
    return authorities.some(({ unknownCritical }) => unknownCritical.length > 0)
      ? { type: 'none', reason: 'critical-extension-unknown' }
      : { type: 'path', authorities }
  if (forged) return { type: 'forged' }
  if (unsupported) return { type: 'none', reason: 'algorithm-unsupported' }
  return { type: 'none', reason: named && linked ? 'link-without-anchor' : 'issuer-not-in-trust-store' }
}

/** One document signer signs thousands of cards: its path is found once. */
export const certificatePath = (signer: Certificate, trust: TrustAnchors): PathAnswer => {
  const answers = remembered.get(trust) ?? new Map<string, PathAnswer>()
  remembered.set(trust, answers)
  const key = Buffer.from(signer.raw).toString('base64')
  const known = answers.get(key)
  if (known !== undefined) return known
  const answer = findPath(signer, trust)
  if (answers.size >= maxRemembered) answers.clear()
  answers.set(key, answer)
  return answer
}

export type RevocationAnswer = 'revoked' | 'not-revoked' | 'outdated' | 'unverified' | 'no-list'

const signedBy = new WeakMap<RevocationList, Certificate | 'nobody'>()

/** The list's signature, by any key of that name in the store, is verified once. */
const isVerified = (list: RevocationList, trust: TrustAnchors): boolean => {
  const known = signedBy.get(list)
  if (known !== undefined && (known === 'nobody' || trust.certificates.includes(known))) return known !== 'nobody'
  const signer = (trust.bySubject.get(list.issuer.comparable) ?? []).find((each) => verifyIssued(list, each).type === 'fits')
  signedBy.set(list, signer ?? 'nobody')
  return signer !== undefined
}

/** What the store's lists say of the signer and of each authority on its path. */
export const revocationOf = (
  signer: Certificate,
  authorities: readonly Certificate[],
  trust: TrustAnchors,
  at: Date,
): RevocationAnswer => {
  let answer: RevocationAnswer = 'no-list'
  for (const certificate of [signer, ...authorities]) {
    for (const list of trust.revocationLists) {
      if (list.issuer.comparable !== certificate.issuer.comparable) continue
      if (!isVerified(list, trust)) {
        if (answer === 'no-list') answer = 'unverified'
        continue
      }
      if (list.revoked.has(certificate.serialNumber)) return 'revoked'
      if (certificate !== signer) continue
      const current = list.nextUpdate === undefined || list.nextUpdate >= at
      if (current) answer = 'not-revoked'
      else if (answer !== 'not-revoked') answer = 'outdated'
    }
  }
  return answer
}
