import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { certificatePath } from '../protocols/passive-authentication/certificate-path.ts'
import { parseCertificate } from '../protocols/x509/certificate.ts'
import {
  type Authority,
  distinguishedName,
  issueCertificate,
  issueMasterList,
  issueRevocationList,
} from '../simulators/specimen-pki/issue.ts'
import { specimenTrust } from '../simulators/specimen-pki/specimen-authorities.ts'
import { curveKey, curveOids } from '../simulators/specimen-pki/specimen-keys.ts'
import { importTrust, listTrust, loadTrust } from './trust-folder.ts'

const now = new Date('2026-11-22T05:00:00Z')
const valid = { notBefore: '2020-01-01', notAfter: '2049-01-01' }

/** Utopia, whose CSCA changed its key: old and new certificate, and the link between them. */
const authority = (name: string): Authority => ({
  name: distinguishedName('UT', 'Utopia', 'CSCA'),
  key: curveKey(name, curveOids.p256),
  hashName: 'sha256',
})
const [oldKey, newKey, other] = [authority('utopia old'), authority('utopia new'), authority('utopia other')]
const certificate = (
  issuer: Authority,
  subject: Authority,
  serialNumber: number,
  kind: 'authority' | 'document-signer' = 'authority',
) => issueCertificate(issuer, { serialNumber, subject: subject.name, publicKeyInfo: subject.key.publicKeyInfo, kind, ...valid })
const oldRoot = certificate(oldKey, oldKey, 1)
const newRoot = certificate(newKey, newKey, 2)
const link = certificate(oldKey, newKey, 3)
const signerAuthority: Authority = { ...authority('utopia signer'), name: distinguishedName('UT', 'Utopia', 'DS') }
const signer = certificate(newKey, signerAuthority, 4, 'document-signer')
const listSigner = {
  certificate: certificate(newKey, signerAuthority, 5, 'document-signer'),
  issuerName: newKey.name,
  serialNumber: 5,
  key: signerAuthority.key,
}

const pem = (bytes: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(bytes).toString('base64')}\n-----END CERTIFICATE-----\n`

let place = ''
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'trust-folder-'))
})
afterAll(() => rmSync(place, { recursive: true, force: true }))

const file = (name: string, content: Uint8Array | string): string => {
  const path = join(place, name)
  writeFileSync(path, content)
  return path
}
const pathOfSigner = (folder: string): string => {
  const parsed = parseCertificate(signer)
  if (!parsed.ok) throw new Error(parsed.error.detail)
  const path = certificatePath(parsed.value, loadTrust(folder, false).trust)
  return path.type === 'path' ? `path of ${path.authorities.length}` : path.type === 'none' ? path.reason : path.type
}

describe('the trust folder', () => {
  it('takes DER, PEM and revocation lists, each once, and tells where from', () => {
    const folder = join(place, 'one')
    expect(importTrust(folder, file('new.der', newRoot), now)).toMatchObject({ added: 1, problems: [] })
    expect(importTrust(folder, file('both.pem', pem(newRoot) + pem(oldRoot)), now)).toMatchObject({ added: 1, alreadyThere: 1 })
    const list = issueRevocationList(newKey, { thisUpdate: '2026-01-01', nextUpdate: '2027-01-01', revoked: [4] })
    expect(importTrust(folder, file('list.crl', list), now)).toMatchObject({ revocationLists: 1 })
    expect(importTrust(folder, file('list.crl', list), now)).toMatchObject({ revocationLists: 0, alreadyThere: 1 })
    const { entries, revocationLists, problems } = listTrust(folder)
    expect(entries.map(({ kind, source, certificate: { subject } }) => [kind, source, subject.country])).toEqual([
      ['authority', 'new.der', 'UT'],
      ['authority', 'both.pem', 'UT'],
    ])
    expect([revocationLists.length, problems]).toEqual([1, []])
    expect(pathOfSigner(folder)).toBe('path of 1')
  })

  it('trusts over a link only where the link begins at an anchor', () => {
    const folder = join(place, 'two')
    importTrust(folder, file('link.cer', link), now)
    expect(pathOfSigner(folder)).toBe('link-without-anchor')
    importTrust(folder, file('old.cer', oldRoot), now)
    expect(pathOfSigner(folder)).toBe('path of 2')
  })

  it('takes a master list, says whether its publisher was known, and takes none that was changed', () => {
    const folder = join(place, 'three')
    const list = issueMasterList(listSigner, [oldRoot, newRoot, link], newRoot)
    const changed = list.map((byte, at) => (at === list.length - 4 ? byte ^ 1 : byte))
    expect(importTrust(folder, file('changed.ml', changed), now)).toMatchObject({
      added: 0,
      problems: [expect.stringContaining('not as it was signed')],
    })
    expect(importTrust(folder, file('list.ml', list), now)).toMatchObject({
      added: 3,
      masterLists: [{ certificates: 3, publisherTrusted: false, country: 'UT' }],
    })
    expect(importTrust(folder, file('list.ml', list), now)).toMatchObject({ added: 0, masterLists: [{ publisherTrusted: true }] })
    expect(pathOfSigner(folder)).toBe('path of 1')
    expect(
      listTrust(folder)
        .entries.map(({ kind }) => kind)
        .sort(),
    ).toEqual(['authority', 'authority', 'link'])
  })

  it('takes the LDIF of the ICAO PKD, folded lines and all', () => {
    const folder = join(place, 'four')
    const attribute = (name: string, bytes: Uint8Array): string =>
      `${name}:: ${Buffer.from(bytes).toString('base64')}`.replaceAll(/(.{76})(?=.)/g, '$1\n ')
    const list = issueMasterList(listSigner, [newRoot], newRoot)
    const ldif = `version: 1\n\ndn: cn=a,o=ml,c=UT,dc=data\n${attribute('pkdMasterListContent', list)}\n\ndn: cn=b,o=dsc,c=UT\n${attribute('userCertificate;binary', signer)}\n\ndn: cn=c\n${attribute('certificateRevocationList;binary', issueRevocationList(newKey, { thisUpdate: '2026-01-01', nextUpdate: '2027-01-01', revoked: [] }))}\n`
    expect(importTrust(folder, file('pkd.ldif', ldif), now)).toMatchObject({
      added: 1,
      revocationLists: 1,
      problems: ['1 document signers passed over'],
    })
  })

  it('reads what was put there by hand, and names what it cannot read without losing the rest', () => {
    const folder = join(place, 'five')
    importTrust(folder, file('other.cer', certificate(other, other, 9)), now)
    writeFileSync(join(folder, 'csca.pem'), pem(newRoot))
    writeFileSync(join(folder, 'notes.txt'), 'nothing to see')
    const { trust, problems } = loadTrust(folder, false)
    expect(trust.certificates.length).toBe(2)
    expect(problems.map(({ file: name }) => name)).toEqual(['notes.txt'])
  })

  it('takes no specimen authority and no private key', () => {
    const folder = join(place, 'six')
    const [specimen = new Uint8Array()] = specimenTrust().certificates
    expect(importTrust(folder, file('specimen.cer', specimen), now)).toMatchObject({ added: 0, refused: 1 })
    writeFileSync(join(folder, 'specimen.cer'), specimen)
    expect(loadTrust(folder, false).trust.certificates).toEqual([])
    expect(loadTrust(folder, true).trust.certificates.length).toBe(1)
    const key = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'
    expect(importTrust(folder, file('key.pem', key), now).problems).toEqual(['a private key has no place in a trust store'])
    expect(readdirSync(folder).sort()).toEqual(['sources.json', 'specimen.cer'])
  })

  it('a folder that is not there trusts nobody', () => {
    const { trust, problems } = loadTrust(join(place, 'nowhere'), false)
    expect(trust.certificates).toEqual([])
    expect(problems).toEqual([{ file: 'nowhere', problem: 'ENOENT' }])
  })
})
