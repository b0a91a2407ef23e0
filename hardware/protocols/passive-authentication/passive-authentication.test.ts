import { describe, expect, it } from 'vitest'
import type { CardProof } from '../../../contracts/card-proof.ts'
import { chipFiles, type FilesWish } from '../../simulators/chip/chip-files.ts'
import { issueRevocationList, issueSecurityObject } from '../../simulators/specimen-pki/issue.ts'
import { specimenSigner, specimenTrust } from '../../simulators/specimen-pki/specimen-authorities.ts'
import { nguyenThiMau } from '../../simulators/specimens.ts'
import { concatBytes } from '../bytes/bytes.ts'
import { parseEfCom } from '../lds/lds.ts'
import { encodeTlv } from '../tlv/tlv.ts'
import { parseCertificate } from '../x509/certificate.ts'
import { parseRevocationList } from '../x509/revocation-list.ts'
import { authenticatePassively, type ChipFiles, type PassiveContext } from './passive-authentication.ts'
import { noTrust, type TrustAnchors, trustAnchors } from './trust-anchors.ts'
import { concludeProof } from './verdict.ts'

const got = <T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

const anchorsOf = (training: boolean): TrustAnchors =>
  trustAnchors(
    specimenTrust().certificates.map((bytes) => got(parseCertificate(bytes))),
    specimenTrust().revocationLists.map((bytes) => got(parseRevocationList(bytes))),
    training,
  )

const training = anchorsOf(true)

const now = new Date('2026-11-22T05:00:00Z')
const context = (change: Partial<PassiveContext> = {}): PassiveContext => ({
  trust: training,
  now,
  documentEnds: undefined,
  issuingState: 'VNM',
  ...change,
})

const filesOf = (wish: FilesWish = {}): ChipFiles => {
  const files = chipFiles(nguyenThiMau, wish)
  const read = (id: number): Uint8Array | undefined => {
    const file = files.get(id)
    return file === 'locked' ? undefined : file
  }
  const groups = new Map<string, Uint8Array>()
  for (let n = 1; n <= 16; n += 1) {
    const file = read(0x0100 + n)
    if (file !== undefined) groups.set(`dg${n}`, file)
  }
  return { groups, securityObject: read(0x011d), listed: got(parseEfCom(read(0x011e) ?? new Uint8Array())).groups }
}

const noChip = { type: 'not-checked', reason: 'no-chip' } as const
const prove = (files: ChipFiles, change: Partial<PassiveContext> = {}): CardProof =>
  concludeProof(authenticatePassively(files, context(change)), noChip, noChip)

const outcomes = (proof: CardProof): string[] =>
  proof.checks.map(({ check, outcome, group, reason }) =>
    [check, group, outcome, reason].filter((part) => part !== undefined).join(' '),
  )

describe('Passive Authentication (Doc 9303-11 section 5.1)', () => {
  it('does not say of a chip that keeps its signed keys back that it has none', () => {
    const files = filesOf()
    const groups = new Map([...files.groups].filter(([group]) => group !== 'dg14' && group !== 'dg15'))
    const silent = { type: 'not-checked', reason: 'not-offered' } as const
    const proof = concludeProof(authenticatePassively({ ...files, groups }, context()), silent, silent)
    expect(proof.verdict).toEqual({ type: 'genuine', chip: 'not-proven' })
    expect(outcomes(proof)).toContain('chip-authentication not-checked signed-key-not-read')
  })

  it('finds a specimen genuine where its CSCA is trusted', () => {
    const proof = prove(filesOf())
    expect(proof.verdict).toEqual({ type: 'genuine', chip: 'not-proven' })
    expect(outcomes(proof)).toEqual([
      'signature passed',
      'group-hash dg1 passed',
      'group-hash dg2 passed',
      'group-hash dg13 passed',
      'group-hash dg14 passed',
      'group-hash dg15 passed',
      'group-list not-checked lists-differ',
      'issuer passed',
      'validity passed',
      'revocation passed',
      'active-authentication not-checked no-chip',
      'chip-authentication not-checked no-chip',
    ])
    expect(proof.signer).toMatchObject({ country: 'VN', serialNumber: '1001' })
  })

  it('never trusts a specimen authority outside training', () => {
    expect(prove(filesOf(), { trust: anchorsOf(false) }).verdict).toMatchObject({ type: 'genuine-ca-unknown' })
    expect(prove(filesOf(), { trust: noTrust }).verdict).toMatchObject({ type: 'genuine-ca-unknown' })
  })

  it.each<[string, FilesWish, object]>([
    [
      'a changed group',
      { changedGroup: true },
      { type: 'not-genuine', check: 'group-hash', group: 'dg13', reason: 'hash-differs' },
    ],
    ['an expired signer', { signer: 'expired' }, { type: 'not-genuine', check: 'validity', reason: 'signer-expired' }],
    ['a revoked signer', { signer: 'revoked' }, { type: 'not-genuine', check: 'revocation', reason: 'signer-revoked' }],
    ['a signer of another country', { signer: 'foreign' }, { type: 'genuine-ca-unknown' }],
    ['a signer of nobody', { signer: 'unknown-authority' }, { type: 'genuine-ca-unknown' }],
    ['hidden keys', { keysHidden: true }, { type: 'not-genuine', check: 'group-list', reason: 'signed-key-not-listed' }],
    ['no security object', { signer: 'nobody' }, { type: 'not-checked', reason: 'security-object-not-read' }],
  ])('%s', (_, wish, verdict) => {
    expect(prove(filesOf(wish)).verdict).toMatchObject(verdict)
  })

  it('names the changed group where the CA is unknown too', () => {
    expect(prove(filesOf({ changedGroup: true }), { trust: noTrust }).verdict).toMatchObject({
      type: 'not-genuine',
      group: 'dg13',
    })
  })

  it('takes no group that nobody signed', () => {
    const files = filesOf()
    const more = new Map([...files.groups, ['dg11', encodeTlv(0x6b, encodeTlv(0x5c, Uint8Array.of(0x5f, 0x0e)))] as const])
    expect(prove({ ...files, groups: more }).verdict).toMatchObject({
      type: 'not-genuine',
      group: 'dg11',
      reason: 'not-in-security-object',
    })
  })

  it('says what was not read, and that a signed group is missing on the chip', () => {
    const files = filesOf()
    const fewer = new Map([...files.groups].filter(([group]) => group !== 'dg15'))
    expect(outcomes(prove({ ...files, groups: fewer }))).toContain('group-hash dg15 not-checked not-read')
    expect(prove({ ...files, groups: fewer }).verdict.type).toBe('genuine')
    expect(prove({ ...files, groups: fewer, absent: ['dg15'] }).verdict).toMatchObject({
      type: 'not-genuine',
      group: 'dg15',
      reason: 'signed-group-missing',
    })
  })

  it('hashes a group without the padding of its file', () => {
    const files = filesOf()
    const padded = new Map([...files.groups].map(([group, file]) => [group, concatBytes(file, new Uint8Array(7))] as const))
    const securityObject = concatBytes(files.securityObject ?? new Uint8Array(), new Uint8Array(64).fill(0xff))
    expect(prove({ ...files, groups: padded, securityObject }).verdict.type).toBe('genuine')
  })

  it('finds a changed byte wherever it is in a group', () => {
    const files = filesOf()
    const dg1 = files.groups.get('dg1') ?? new Uint8Array()
    for (let at = 0; at < dg1.length; at += 9) {
      const changed = dg1.map((byte, index) => (index === at ? byte ^ 0x20 : byte))
      const proof = prove({ ...files, groups: new Map([...files.groups, ['dg1', changed] as const]) })
      expect(proof.verdict).toMatchObject({ type: 'not-genuine', group: 'dg1' })
    }
  })

  it('judges an expired document by its last day, and a clock before the certificate as a clock', () => {
    const expired = filesOf({ signer: 'expired' })
    expect(prove(expired, { documentEnds: new Date('2019-06-01') }).verdict.type).toBe('genuine')
    expect(prove(filesOf(), { now: new Date('2001-01-01') }).verdict).toEqual({
      type: 'not-checked',
      reason: 'clock-before-certificate',
    })
  })

  it('says that it has no revocation list, an old one, or one signed by somebody else', () => {
    const certificates = specimenTrust().certificates.map((bytes) => got(parseCertificate(bytes)))
    const revocation = (lists: readonly Uint8Array[]): string | undefined => {
      const trust = trustAnchors(
        certificates,
        lists.map((bytes) => got(parseRevocationList(bytes))),
        true,
      )
      return outcomes(prove(filesOf(), { trust })).find((line) => line.startsWith('revocation'))
    }
    expect(revocation([])).toBe('revocation not-checked no-revocation-list')
    const [list] = specimenTrust().revocationLists
    expect(revocation(list === undefined ? [] : [list])).toBe('revocation passed')
    const broken = (list ?? new Uint8Array()).map((byte, at, all) => (at === all.length - 3 ? byte ^ 1 : byte))
    expect(revocation([broken])).toBe('revocation not-checked revocation-list-unverified')
  })

  it('finds the signer in the trust store where the security object brings none, and says where nobody has it', () => {
    const files = filesOf()
    const signer = specimenSigner('valid')
    const groups = new Map([...files.groups].map(([name, file]) => [Number(name.slice(2)), file] as const))
    const bare = issueSecurityObject(signer, groups, 'sha384', 'without-certificate')
    expect(prove({ ...files, securityObject: bare }).verdict).toEqual({
      type: 'not-checked',
      reason: 'signer-certificate-missing',
    })
    const trust = trustAnchors([...training.certificates, got(parseCertificate(signer.certificate))], [], true)
    expect(prove({ ...files, securityObject: bare }, { trust }).verdict.type).toBe('genuine')
  })

  it('calls no chip proven by a key that was not compared', () => {
    const files = filesOf()
    const fewer = new Map([...files.groups].filter(([group]) => group !== 'dg15'))
    const proof = concludeProof(authenticatePassively({ ...files, groups: fewer }, context()), { type: 'passed' }, noChip)
    expect(outcomes(proof)).toContain('active-authentication not-checked key-not-signed')
    expect(proof.verdict).toEqual({ type: 'genuine', chip: 'not-proven' })
    const whole = concludeProof(authenticatePassively(files, context()), { type: 'passed' }, noChip)
    expect(whole.verdict).toEqual({ type: 'genuine', chip: 'proven' })
    const copied = concludeProof(authenticatePassively(files, context()), { type: 'failed', reason: 'signature-differs' }, noChip)
    expect(copied.verdict).toEqual({ type: 'not-genuine', check: 'active-authentication', reason: 'signature-differs' })
  })
})

describe('revocation lists (RFC 5280 section 5)', () => {
  it('are read whole', () => {
    const signer = specimenSigner('valid')
    const authority = { name: signer.issuerName, key: signer.key, hashName: 'sha256' as const }
    const list = issueRevocationList(authority, { thisUpdate: '2026-01-01', nextUpdate: '2051-01-01', revoked: [0x80, 7] })
    const parsed = got(parseRevocationList(list))
    expect([...parsed.revoked]).toEqual(['80', '07'])
    expect(parsed.nextUpdate?.toISOString()).toBe('2051-01-01T00:00:00.000Z')
  })
})
