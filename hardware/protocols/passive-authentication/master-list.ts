/**
 * CSCA master lists (Doc 9303-12 section 8): certificates of many countries, collected and signed by one.
 *
 * Invariants: any bytes give a Result; a list whose own signature does not fit is a failure. That its publisher is who he says is known
 * only where his certificate leads to an anchor that was trusted before.
 */
import { err, ok, type Result } from '../../../contracts/result.ts'
import { type Asn1Failure, asn1Tag, childrenOf, enter, parsing, readElement } from '../asn1/asn1.ts'
import { isSignersCertificate, parseSignedData, verifySigner } from '../cms/signed-data.ts'
import { type Certificate, certificateOf } from '../x509/certificate.ts'
import { certificatePath } from './certificate-path.ts'
import type { TrustAnchors } from './trust-anchors.ts'

export type MasterList = {
  certificates: readonly Certificate[]
  signer: Certificate
  /** Certificates beside the list: the signer's, and the CSCA's that issued it. */
  beside: readonly Certificate[]
}
export type MasterListFailure = Asn1Failure | { type: 'not-a-master-list' } | { type: 'master-list-forged'; detail: string }

const contentType = '2.23.136.1.1.2'

export const parseMasterList = (bytes: Uint8Array): Result<MasterList, MasterListFailure> => {
  const parsed = parseSignedData(bytes)
  if (!parsed.ok) return parsed
  const data = parsed.value
  if (data.contentType !== contentType) return err({ type: 'not-a-master-list' })
  const list = parsing(() => {
    const parts = enter(readElement(data.content), asn1Tag.sequence, 'CscaMasterList')
    parts.take(asn1Tag.integer, 'version')
    return childrenOf(parts.take(asn1Tag.set, 'certList')).flatMap((element) => {
      // One certificate of some country in an unheard-of form must not keep the others out.
      const certificate = parsing(() => certificateOf(element))
      return certificate.ok ? [certificate.value] : []
    })
  })
  if (!list.ok) return list
  const [info] = data.signers
  if (info === undefined) return err({ type: 'master-list-forged', detail: 'nobody signed it' })
  const signer =
    data.certificates.find((certificate) => isSignersCertificate(info, certificate)) ??
    list.value.find((certificate) => isSignersCertificate(info, certificate))
  if (signer === undefined) return err({ type: 'master-list-forged', detail: "the signer's certificate is not in it" })
  const answer = verifySigner(data, info, signer)
  if (answer.type !== 'fits')
    return err({ type: 'master-list-forged', detail: answer.type === 'differs' ? 'the signature differs' : answer.detail })
  return ok({ certificates: list.value, signer, beside: data.certificates })
}

/** The publisher's own CSCA where the station trusted it before the list came. */
export const publisherOf = (list: MasterList, trust: TrustAnchors): Certificate | undefined => {
  const path = certificatePath(list.signer, trust)
  return path.type === 'path' ? (path.authorities.at(-1) ?? list.signer) : undefined
}
