/** Held to a second implementation: what OpenSSL (node:crypto) signs is taken, and nothing near it. */
import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { bits, context, integer, nothing, oid, sequence } from '../../simulators/specimen-pki/der.ts'
import { algorithmOf, publicKeyInfoOf } from '../asn1/algorithm-identifier.ts'
import { readElement } from '../asn1/asn1.ts'
import { fromHex } from '../bytes/bytes.ts'
import { hashOidOf } from './hashes.ts'
import { type SignatureAnswer, verifySignature } from './verify-signature.ts'

const data = new TextEncoder().encode('hồ sơ mẫu')
const publicKeyInfo = (key: KeyObject) =>
  publicKeyInfoOf(readElement(Uint8Array.from(key.export({ type: 'spki', format: 'der' }))))
const identifier = (name: string, parameters?: Uint8Array) =>
  algorithmOf(readElement(sequence(oid(name), ...(parameters === undefined ? [] : [parameters]))))

const ecdsaWith = {
  sha1: '1.2.840.10045.4.1',
  sha224: '1.2.840.10045.4.3.1',
  sha256: '1.2.840.10045.4.3.2',
  sha384: '1.2.840.10045.4.3.3',
  sha512: '1.2.840.10045.4.3.4',
} as const

const check = (answer: (data: Uint8Array, signature: Uint8Array) => SignatureAnswer, signature: Uint8Array): void => {
  expect(answer(data, signature).type).toBe('fits')
  expect(answer(data.subarray(1), signature).type).toBe('differs')
  for (const at of [0, Math.floor(signature.length / 2), signature.length - 1])
    expect(
      answer(
        data,
        signature.map((byte, index) => (index === at ? byte ^ 0x04 : byte)),
      ).type,
    ).not.toBe('fits')
  expect(answer(data, new Uint8Array()).type).toBe('differs')
  expect(answer(data, new Uint8Array(signature.length)).type).toBe('differs')
}

describe('ECDSA', () => {
  const curves = [
    'prime192v1',
    'secp224r1',
    'prime256v1',
    'secp384r1',
    'secp521r1',
    'brainpoolP160r1',
    'brainpoolP192r1',
    'brainpoolP224r1',
    'brainpoolP256r1',
    'brainpoolP320r1',
    'brainpoolP384r1',
    'brainpoolP512r1',
    'brainpoolP256t1',
    'brainpoolP384t1',
    'brainpoolP512t1',
  ]
  it.each(curves)('%s, named and with explicit parameters, with a hash shorter and longer than its order', (namedCurve) => {
    for (const paramEncoding of ['named', 'explicit'] as const) {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve, paramEncoding })
      const key = publicKeyInfo(publicKey)
      for (const hashName of ['sha1', 'sha512'] as const) {
        const signature = Uint8Array.from(sign(hashName, data, privateKey))
        const answer = (message: Uint8Array, given: Uint8Array): SignatureAnswer =>
          verifySignature({ algorithm: identifier(ecdsaWith[hashName]), key, data: message, signature: given })
        if (paramEncoding === 'named' || hashName === 'sha512') check(answer, signature)
      }
    }
  })

  it('takes no curve of somebody’s own', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1', paramEncoding: 'explicit' })
    const spki = Uint8Array.from(publicKey.export({ type: 'spki', format: 'der' }))
    const generator = Buffer.from(fromHex('6B17D1F2E12C4247'))
    const at = Buffer.from(spki).indexOf(generator)
    expect(at).toBeGreaterThan(0)
    const other = spki.map((byte, index) => (index === at ? byte ^ 1 : byte))
    const answer = verifySignature({
      algorithm: identifier(ecdsaWith.sha256),
      key: publicKeyInfoOf(readElement(other)),
      data,
      signature: Uint8Array.from(sign('sha256', data, privateKey)),
    })
    expect(answer).toEqual({ type: 'unsupported', detail: 'a curve that is not known' })
  })

  it('goes by the digest algorithm where the signature names a key only', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    const signature = Uint8Array.from(sign('sha384', data, privateKey))
    const key = publicKeyInfo(publicKey)
    const algorithm = identifier('1.2.840.10045.2.1')
    expect(verifySignature({ algorithm, digestHash: 'sha384', key, data, signature }).type).toBe('fits')
    expect(verifySignature({ algorithm, key, data, signature }).type).toBe('unsupported')
    // Two hashes named: each is tried, no third.
    expect(verifySignature({ algorithm: identifier(ecdsaWith.sha1), digestHash: 'sha384', key, data, signature }).type).toBe(
      'fits',
    )
    expect(verifySignature({ algorithm: identifier(ecdsaWith.sha1), digestHash: 'sha256', key, data, signature }).type).toBe(
      'differs',
    )
  })
})

describe('RSA', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = publicKeyInfo(publicKey)
  const rsaWith = { sha1: 5, sha224: 14, sha256: 11, sha384: 12, sha512: 13 } as const

  it.each(Object.keys(rsaWith) as (keyof typeof rsaWith)[])('PKCS#1 v1.5 with %s', (hashName) => {
    const algorithm = identifier(`1.2.840.113549.1.1.${rsaWith[hashName]}`, nothing)
    check(
      (message, signature) => verifySignature({ algorithm, key, data: message, signature }),
      Uint8Array.from(sign(hashName, data, privateKey)),
    )
  })

  const pss = (hashName: 'sha256' | 'sha512', salt: number): Uint8Array =>
    sequence(
      context(0, sequence(oid(hashOidOf(hashName)), nothing)),
      context(1, sequence(oid('1.2.840.113549.1.1.8'), sequence(oid(hashOidOf(hashName)), nothing))),
      context(2, integer(salt)),
    )
  const signPss = (hashName: string, saltLength: number): Uint8Array =>
    Uint8Array.from(sign(hashName, data, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }))

  it.each(['sha256', 'sha512'] as const)('PSS with %s and its parameters', (hashName) => {
    const salt = hashName === 'sha256' ? 32 : 64
    const algorithm = identifier('1.2.840.113549.1.1.10', pss(hashName, salt))
    check((message, signature) => verifySignature({ algorithm, key, data: message, signature }), signPss(hashName, salt))
    expect(verifySignature({ algorithm, key, data, signature: signPss(hashName, 20) }).type).toBe('differs')
  })

  it('PSS with the defaults of its parameters, and with none at all', () => {
    const defaults = identifier('1.2.840.113549.1.1.10', sequence())
    expect(verifySignature({ algorithm: defaults, key, data, signature: signPss('sha1', 20) }).type).toBe('fits')
    const none = identifier('1.2.840.113549.1.1.10')
    expect(verifySignature({ algorithm: none, digestHash: 'sha256', key, data, signature: signPss('sha256', 32) }).type).toBe(
      'fits',
    )
    expect(verifySignature({ algorithm: none, digestHash: 'sha256', key, data, signature: signPss('sha1', 20) }).type).toBe(
      'fits',
    )
  })

  it('calculates with no key of absurd size', () => {
    const huge = sequence(sequence(oid('1.2.840.113549.1.1.1'), nothing), bits(sequence(integer((1n << 9000n) + 1n), integer(3))))
    const algorithm = identifier('1.2.840.113549.1.1.11', nothing)
    const answer = verifySignature({ algorithm, key: publicKeyInfoOf(readElement(huge)), data, signature: new Uint8Array(1126) })
    expect(answer.type).toBe('unsupported')
  })
})

it('names an algorithm that is not known', () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const answer = verifySignature({ algorithm: identifier('1.3.101.112'), key: publicKeyInfo(publicKey), data, signature: data })
  expect(answer).toEqual({ type: 'unsupported', detail: 'signature algorithm 1.3.101.112' })
})
