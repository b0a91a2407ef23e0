import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { oid, printable, sequence, set, time, utf8 } from '../../simulators/specimen-pki/der.ts'
import { specimenSigner, specimenTrust } from '../../simulators/specimen-pki/specimen-authorities.ts'
import { readElement, timeOf } from '../asn1/asn1.ts'
import { parseCertificate, verifyIssued } from './certificate.ts'
import { nameOf } from './distinguished-name.ts'

const [authority = new Uint8Array()] = specimenTrust().certificates
const signer = specimenSigner('valid').certificate

describe('certificates', () => {
  it.each([
    ['the CSCA', authority],
    ['the document signer', signer],
  ])('%s is read as OpenSSL reads it', (_, bytes) => {
    const ours = parseCertificate(bytes)
    const theirs = new X509Certificate(bytes)
    if (!ours.ok) throw new Error(ours.error.detail)
    expect(ours.value.serialNumber.replace(/^0/, '')).toBe(theirs.serialNumber.replace(/^0/, ''))
    expect(ours.value.subject.text.split(',')).toEqual(theirs.subject.split('\n'))
    expect(ours.value.issuer.text.split(',')).toEqual(theirs.issuer.split('\n'))
    expect(ours.value.notBefore.toISOString()).toBe(new Date(theirs.validFrom).toISOString())
    expect(ours.value.notAfter.toISOString()).toBe(new Date(theirs.validTo).toISOString())
    expect(ours.value.isCa ?? false).toBe(theirs.ca)
  })

  it('verify as OpenSSL verifies them', () => {
    const [csca, ds] = [parseCertificate(authority), parseCertificate(signer)]
    if (!csca.ok || !ds.ok) throw new Error('a specimen that cannot be read')
    const key = new X509Certificate(authority).publicKey
    expect(new X509Certificate(authority).verify(key)).toBe(true)
    expect(new X509Certificate(signer).verify(key)).toBe(true)
    expect(verifyIssued(ds.value, csca.value).type).toBe('fits')
    expect(verifyIssued(csca.value, csca.value).type).toBe('fits')
    expect(verifyIssued(csca.value, ds.value).type).toBe('differs')
  })
})

it('names count as the same in either string type, spacing or case, and not with another value', () => {
  const name = (value: Uint8Array) => nameOf(readElement(sequence(set(sequence(oid('2.5.4.3'), value))))).comparable
  expect(name(utf8('CSCA  Viet Nam'))).toBe(name(printable('csca viet nam ')))
  expect(name(utf8('CSCA Viet Nam'))).not.toBe(name(utf8('CSCA Vietnam')))
})

it('times are of both kinds', () => {
  const at = (text: string) => timeOf(readElement(time(text))).toISOString()
  expect(at('1999-12-31')).toBe('1999-12-31T00:00:00.000Z')
  expect(at('2049-12-31')).toBe('2049-12-31T00:00:00.000Z')
  expect(at('2050-01-01')).toBe('2050-01-01T00:00:00.000Z')
})
