/**
 * Whatever a file of the trust store holds: certificates and revocation lists in DER or PEM, master lists in CMS, PKCS#7 bundles, LDIF of
 * the ICAO PKD (Doc 9303-12 section 9).
 *
 * Invariants: any bytes give an answer; what is not understood is a named problem, never silently nothing.
 */

import { parseSignedData } from '../protocols/cms/signed-data.ts'
import { type MasterList, parseMasterList } from '../protocols/passive-authentication/master-list.ts'
import { type Certificate, parseCertificate } from '../protocols/x509/certificate.ts'
import { parseRevocationList, type RevocationList } from '../protocols/x509/revocation-list.ts'

export type TrustFile = {
  certificates: Certificate[]
  revocationLists: RevocationList[]
  masterLists: MasterList[]
  problems: string[]
}

const empty = (): TrustFile => ({ certificates: [], revocationLists: [], masterLists: [], problems: [] })

const readDer = (bytes: Uint8Array, into: TrustFile): void => {
  const certificate = parseCertificate(bytes)
  if (certificate.ok) {
    into.certificates.push(certificate.value)
    return
  }
  const revocationList = parseRevocationList(bytes)
  if (revocationList.ok) {
    into.revocationLists.push(revocationList.value)
    return
  }
  const masterList = parseMasterList(bytes)
  if (masterList.ok) {
    into.masterLists.push(masterList.value)
    return
  }
  if (masterList.error.type === 'master-list-forged') {
    into.problems.push(`a master list that is not as it was signed: ${masterList.error.detail}`)
    return
  }
  const bundle = parseSignedData(bytes)
  if (bundle.ok && bundle.value.certificates.length > 0) {
    into.certificates.push(...bundle.value.certificates)
    return
  }
  into.problems.push(`neither certificate, revocation list nor master list (${certificate.error.detail})`)
}

const fromBase64 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'))

const readPem = (text: string, into: TrustFile): void => {
  for (const [, label = '', body = ''] of text.matchAll(/-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END/g)) {
    if (label.includes('PRIVATE')) into.problems.push('a private key has no place in a trust store')
    else readDer(fromBase64(body), into)
  }
}

const ldifKinds = {
  cacertificate: 'authority',
  cscacertificate: 'authority',
  usercertificate: 'signer',
  certificaterevocationlist: 'revocation',
  pkdmasterlistcontent: 'master-list',
  cscamasterlistdata: 'master-list',
} as const

/** Document signers of the whole world are many and stand in the security objects themselves: of an LDIF they are left out. */
const readLdif = (text: string, into: TrustFile): void => {
  let signers = 0
  for (const line of text.replaceAll(/\r?\n /g, '').split(/\r?\n/)) {
    const parts = /^([A-Za-z]+)(?:;binary)?:: *([A-Za-z0-9+/=]+)$/.exec(line)
    const kind = ldifKinds[(parts?.[1] ?? '').toLowerCase() as keyof typeof ldifKinds]
    if (kind === 'signer') signers += 1
    else if (kind !== undefined) readDer(fromBase64(parts?.[2] ?? ''), into)
  }
  if (signers > 0) into.problems.push(`${signers} document signers passed over`)
}

export const readTrustFile = (bytes: Uint8Array): TrustFile => {
  const file = empty()
  const head = Buffer.from(bytes.subarray(0, 4096)).toString('latin1')
  if (head.includes('-----BEGIN ')) readPem(Buffer.from(bytes).toString('latin1'), file)
  else if (/^(?:\uFEFF|\u00EF\u00BB\u00BF)?(?:#|version:|dn:)/i.test(head)) readLdif(Buffer.from(bytes).toString('latin1'), file)
  else if (/^[A-Za-z0-9+/\s]{64,}={0,2}\s*$/.test(head)) readDer(fromBase64(Buffer.from(bytes).toString('latin1')), file)
  else readDer(bytes, file)
  return file
}
