/**
 * The specimens' country: a CSCA like the one of Vietnamese passports (ECDSA over brainpoolP512r1 with explicit parameters), its
 * document signers, its revocation list, and a foreign country beside it. Everything says SPECIMEN, keys are public, and trust
 * stores take these authorities in training only.
 *
 * Invariants: made on first use, the same on every machine, valid from 2020 to 2049.
 */
import { specimenOrganisation } from '../../protocols/passive-authentication/trust-anchors.ts'
import { type Authority, type DocumentSigner, distinguishedName, issueCertificate, issueRevocationList } from './issue.ts'
import { type CurveKey, curveKey, curveOids } from './specimen-keys.ts'

export type SignerKind = 'valid' | 'expired' | 'revoked' | 'foreign' | 'unknown-authority'

const once = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

type Country = { authority: Authority; certificate: Uint8Array }

const country = (code: string, commonName: string, key: CurveKey): Country => {
  const name = distinguishedName(code, specimenOrganisation, commonName)
  const authority: Authority = { name, key, hashName: 'sha512' }
  const certificate = issueCertificate(authority, {
    serialNumber: 1,
    subject: name,
    publicKeyInfo: key.publicKeyInfo,
    notBefore: '2020-01-01',
    notAfter: '2049-12-31',
    kind: 'authority',
  })
  return { authority, certificate }
}

const home = once(() => country('VN', 'CSCA SPECIMEN', curveKey('CSCA', curveOids.brainpoolP512r1, 'explicit')))
const abroad = once(() => country('UT', 'CSCA UTOPIA SPECIMEN', curveKey('CSCA Utopia', curveOids.p256)))
const nobody = once(() => country('VN', 'CSCA OF NOBODY SPECIMEN', curveKey('CSCA of nobody', curveOids.brainpoolP384r1)))

const serialNumbers: Readonly<Record<SignerKind, number>> = {
  valid: 0x1001,
  expired: 0x1002,
  revoked: 0x1003,
  foreign: 0x2001,
  'unknown-authority': 0x3001,
}

const made = new Map<SignerKind, DocumentSigner>()

export const specimenSigner = (kind: SignerKind): DocumentSigner => {
  const known = made.get(kind)
  if (known !== undefined) return known
  const { authority } = kind === 'foreign' ? abroad() : kind === 'unknown-authority' ? nobody() : home()
  const key = curveKey(`document signer ${kind}`, curveOids.brainpoolP256r1)
  const serialNumber = serialNumbers[kind]
  const certificate = issueCertificate(authority, {
    serialNumber,
    subject: distinguishedName(kind === 'foreign' ? 'UT' : 'VN', specimenOrganisation, `DS SPECIMEN ${kind}`),
    publicKeyInfo: key.publicKeyInfo,
    notBefore: kind === 'expired' ? '2015-01-01' : '2020-06-01',
    notAfter: kind === 'expired' ? '2020-01-01' : '2045-12-31',
    kind: 'document-signer',
  })
  const signer: DocumentSigner = { certificate, issuerName: authority.name, serialNumber, key }
  made.set(kind, signer)
  return signer
}

/** What a training station trusts: the two CSCAs and the home country's revocation list. */
export const specimenTrust = once(() => ({
  certificates: [home().certificate, abroad().certificate],
  revocationLists: [
    issueRevocationList(home().authority, {
      thisUpdate: '2024-01-01',
      nextUpdate: '2049-12-31',
      revoked: [serialNumbers.revoked],
    }),
  ],
}))
