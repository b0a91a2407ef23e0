import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createChipAuthentication, usualChipAuthentication } from '../../simulators/chip/chip-authentication.ts'
import { copiedActiveKey, dg14Of, dg15Of, specimenActiveKey } from '../../simulators/specimen-pki/specimen-groups.ts'
import { rsaPrivateOperation, signOnCurve, signRecoverably } from '../../simulators/specimen-pki/specimen-keys.ts'
import { nguyenThiMau, type Specimen, tranVanThu } from '../../simulators/specimens.ts'
import type { PublicKeyInfo } from '../asn1/algorithm-identifier.ts'
import { concatBytes, fromHex } from '../bytes/bytes.ts'
import { parseDg14, parseDg15, type SecurityInfo } from '../lds/security-infos.ts'
import { recoveredBlockFits, verifyActiveAuthentication } from './active-authentication.ts'

const challenge = fromHex('F173589974BF40C6')

const partsOf = (specimen: Specimen): { key: PublicKeyInfo; infos: SecurityInfo[] } => {
  const key = parseDg15(dg15Of(specimen))
  const infos = parseDg14(dg14Of(specimen, createChipAuthentication(specimen.personalNumber, usualChipAuthentication).infos))
  if (!key.ok || !infos.ok) throw new Error('a specimen that cannot be read')
  return { key: key.value, infos: infos.value }
}

describe('RSA by ISO/IEC 9796-2 scheme 1', () => {
  const keys = specimenActiveKey(tranVanThu)
  if (keys.type !== 'rsa') throw new Error('no RSA key')
  const { key, infos } = partsOf(tranVanThu)
  const verify = (signature: Uint8Array, asked = challenge): string =>
    verifyActiveAuthentication(key, infos, asked, signature).type

  // Doc 9303-11 appendix F: the block F = 6A || M1 || D || BC for RND.IFD, 1024 bits and SHA-1. The document gives no key.
  const recovered = fromHex(`9D2784A67F8E7C659973EA1AEA25D95B6C8F91E5002F369F0FBDCE8A3CEC1991
    B543F1696546C5524CF23A5303CD6C98599F40B79F377B5F3A1406B3B4D8F967
    84D23AA88DB7E1032A405E69325FA91A6E86F5C71AEA978264C4A207446DAD4E7292E2DCDA3024B47DA8`)
  const digest = fromHex('C063AA1E6D22FBD976AB0FE73D94D2D9C6D88127')
  const block = concatBytes(Uint8Array.of(0x6a), recovered, digest, Uint8Array.of(0xbc))

  it('takes the block of Doc 9303-11 appendix F, and none with a changed byte', () => {
    expect(block.length).toBe(128)
    expect(recoveredBlockFits(block, challenge)).toBe(true)
    for (let at = 0; at < block.length; at += 1)
      expect(
        recoveredBlockFits(
          block.map((byte, index) => (index === at ? byte ^ 0x01 : byte)),
          challenge,
        ),
      ).toBe(false)
    expect(recoveredBlockFits(block, fromHex('F173589974BF40C7'))).toBe(false)
  })

  it('takes that block signed by a key, whole and as n - s', () => {
    const signature = rsaPrivateOperation(keys, block)
    expect(verify(signature)).toBe('passed')
    const mirrored = (keys.n - BigInt(`0x${Buffer.from(signature).toString('hex')}`)).toString(16).padStart(256, '0')
    expect(verify(fromHex(mirrored))).toBe('passed')
  })

  it.each(['sha1', 'sha256'] as const)('takes what a chip signs with %s, and no answer to another challenge', (hashName) => {
    const signature = signRecoverably(keys, challenge, hashName)
    expect(verify(signature)).toBe('passed')
    expect(verify(signature, new Uint8Array(8))).toBe('failed')
  })

  it('finds the copy, which has another key', () => {
    const copied = copiedActiveKey(tranVanThu)
    if (copied.type !== 'rsa') throw new Error('no RSA key')
    expect(verify(signRecoverably(copied, challenge))).toBe('failed')
  })

  it('takes no block without a part of the chip’s own', () => {
    const bare = concatBytes(Uint8Array.of(0x6a), digest, Uint8Array.of(0xbc))
    expect(recoveredBlockFits(bare, challenge)).toBe(false)
  })
})

describe('ECDSA, plain', () => {
  const keys = specimenActiveKey(nguyenThiMau)
  if (keys.type !== 'curve') throw new Error('no key on a curve')
  const { key, infos } = partsOf(nguyenThiMau)

  it('takes what the chip signs, in both formats, and no answer to another challenge', () => {
    for (const format of ['plain', 'der'] as const) {
      const signature = signOnCurve(keys, 'sha256', challenge, format)
      expect(verifyActiveAuthentication(key, infos, challenge, signature).type).toBe('passed')
      expect(verifyActiveAuthentication(key, infos, new Uint8Array(8), signature).type).toBe('failed')
    }
  })

  it('goes by the hash of DG14, and without DG14 by any', () => {
    const signature = signOnCurve(keys, 'sha1', challenge, 'plain')
    expect(verifyActiveAuthentication(key, infos, challenge, signature).type).toBe('failed')
    expect(verifyActiveAuthentication(key, [], challenge, signature).type).toBe('passed')
  })

  it('finds the copy, which has another key', () => {
    const copied = copiedActiveKey(nguyenThiMau)
    if (copied.type !== 'curve') throw new Error('no key on a curve')
    const signature = signOnCurve(copied, 'sha256', challenge, 'plain')
    expect(verifyActiveAuthentication(key, infos, challenge, signature).type).toBe('failed')
  })
})

it('any answer of a chip gives an answer', () => {
  const [rsa, curve] = [partsOf(tranVanThu), partsOf(nguyenThiMau)]
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 140 }), (signature) => {
      for (const { key, infos } of [rsa, curve])
        expect(verifyActiveAuthentication(key, infos, challenge, signature).type).toBe('failed')
    }),
    { seed: 9303, numRuns: 100 },
  )
})

describe('DG14 (Doc 9303-11 section 9.2)', () => {
  it('names what the chip offers', () => {
    expect(
      partsOf(nguyenThiMau)
        .infos.map(({ type }) => type)
        .sort(),
    ).toEqual(['active-authentication', 'chip-authentication', 'chip-authentication-key', 'terminal-authentication'])
    expect(partsOf(nguyenThiMau).infos.find(({ type }) => type === 'chip-authentication')).toMatchObject({
      agreement: 'ecdh',
      cipher: 'aes-128',
      version: 1,
      keyId: undefined,
    })
  })

  it('keeps the infos of EF.CardAccess that it knows, and names the ones it does not', () => {
    const set = fromHex(
      `3134300d060804007f0007020202020101300f060a04007f000702020302020201013012060a04007f0007020204020202010202010d`,
    )
    const parsed = parseDg14(concatBytes(Uint8Array.of(0x6e, set.length), set))
    expect(parsed).toMatchObject({
      ok: true,
      value: [
        { type: 'terminal-authentication' },
        { type: 'chip-authentication', cipher: 'aes-128', version: 1 },
        { type: 'pace', version: 2, parameterId: 13 },
      ],
    })
  })
})
