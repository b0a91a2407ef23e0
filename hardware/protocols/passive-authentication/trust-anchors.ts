/**
 * What a station trusts: country signing CA certificates, the links between their keys, document signers that no security object
 * carries, revocation lists (Doc 9303-12 sections 3 and 7). Pure data, made by whoever reads the trust folder.
 *
 * Invariants: only a self-signed certificate whose signature fits is an anchor; a link certificate or a document signer is trusted as
 * far as a path leads from it to an anchor. Specimen authorities count in training alone.
 */
import { type Certificate, isSelfIssued, verifyIssued } from '../x509/certificate.ts'
import type { RevocationList } from '../x509/revocation-list.ts'

export type TrustAnchors = {
  readonly certificates: readonly Certificate[]
  readonly revocationLists: readonly RevocationList[]
  /** Certificates by the name they are issued to. */
  readonly bySubject: ReadonlyMap<string, readonly Certificate[]>
}

/** The organisation in whose name the specimens' authorities sign. Their keys are public. */
export const specimenOrganisation = 'Tram SPECIMEN - no authority'

export const isSpecimenCertificate = ({ subject, issuer }: Certificate): boolean =>
  [subject, issuer].some(({ text }) => text.includes(`O=${specimenOrganisation}`))

export const trustAnchors = (
  certificates: readonly Certificate[],
  revocationLists: readonly RevocationList[],
  training: boolean,
): TrustAnchors => {
  const trusted = certificates.filter((certificate) => training || !isSpecimenCertificate(certificate))
  const bySubject = new Map<string, Certificate[]>()
  for (const certificate of trusted) {
    const name = certificate.subject.comparable
    bySubject.set(name, [...(bySubject.get(name) ?? []), certificate])
  }
  return { certificates: trusted, revocationLists, bySubject }
}

export const noTrust: TrustAnchors = trustAnchors([], [], false)

const selfSigned = new WeakMap<Certificate, boolean>()

/** Whether the certificate bears its own key's signature; told apart from a link between two keys of one name. */
export const isSelfSigned = (certificate: Certificate): boolean => {
  const known = selfSigned.get(certificate)
  if (known !== undefined) return known
  const { authorityKeyIdentifier, subjectKeyIdentifier } = certificate
  const sameKey =
    authorityKeyIdentifier === undefined || subjectKeyIdentifier === undefined || authorityKeyIdentifier === subjectKeyIdentifier
  const answer = isSelfIssued(certificate) && sameKey && verifyIssued(certificate, certificate).type === 'fits'
  selfSigned.set(certificate, answer)
  return answer
}
