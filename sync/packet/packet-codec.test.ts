import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { PublicKeyJwk } from '../../contracts/encoding.ts'
import type { Packet, PacketHeader } from '../../contracts/packet.ts'
import { type Bytes, fromBase64Url, fromUtf8, type SubtleKey, toBase64Url, toUtf8 } from './base64url.ts'
import {
  openPacket,
  openPayload,
  packetDigest,
  parseHeader,
  sealPacket,
  signedBytes,
  verifyPacketSignature,
} from './packet-codec.ts'

fc.configureGlobal({ seed: 20261122, numRuns: 60 })

const header: PacketHeader = {
  format: 'tram-packet-1',
  packetId: '6f1c1e0a-6a2e-4b1c-9a55-0d6a3f0b7a01',
  stationId: '0b6b6a58-3c1b-4d8a-8f37-5a7e1c9d2e02',
  counter: 7,
  kind: 'submit',
  procedureCode: '1.001193',
  procedureVersion: '2025-07-01',
  training: true,
  gatewayKeyId: 'seal-1',
  chunkSize: 262144,
  attachments: [],
  sealedAt: '2026-11-22T02:40:00.000Z',
}

let gateway: { keyId: string; privateKey: SubtleKey; publicKey: string }
let device: { key: SubtleKey; jwk: PublicKeyJwk }
let dataKey: Bytes
let packet: Packet
const payload = toUtf8(JSON.stringify({ name: 'NGUYỄN THỊ MẪU' }))

beforeAll(async () => {
  const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
  gateway = { keyId: 'seal-1', privateKey: pair.privateKey, publicKey: toBase64Url(raw) }
  const signing = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', signing.publicKey)
  device = { key: signing.privateKey, jwk: { kty: 'EC', crv: 'P-256', x, y } }
  dataKey = crypto.getRandomValues(new Uint8Array(32))
  const sealed = await sealPacket({ header, payload, dataKey, recipient: { keyId: 'seal-1', publicKey: gateway.publicKey } })
  if (!sealed.ok) throw new Error(sealed.error.detail)
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, device.key, signedBytes(sealed.value.digest))
  packet = { ...sealed.value.packet, signature: toBase64Url(new Uint8Array(signature)) }
})

const flipBit = (text: string, bit: number): string => {
  const bytes = fromBase64Url(text)
  if (bytes === undefined) throw new Error('not base64url')
  const at = bit % (bytes.length * 8)
  bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7))
  return toBase64Url(bytes)
}

const parts: Record<string, (bit: number) => Packet> = {
  header: (bit) => ({ ...packet, header: flipBit(packet.header, bit) }),
  enc: (bit) => ({ ...packet, sealedKey: { ...packet.sealedKey, enc: flipBit(packet.sealedKey.enc, bit) } }),
  ciphertext: (bit) => ({ ...packet, sealedKey: { ...packet.sealedKey, ciphertext: flipBit(packet.sealedKey.ciphertext, bit) } }),
  payload: (bit) => ({ ...packet, payload: flipBit(packet.payload, bit) }),
}

describe('sealed packet', () => {
  it('opens for the gateway with all that went in, and its signature holds', async () => {
    const opened = await openPacket(packet, gateway)
    if (!opened.ok) throw new Error(opened.error.detail)
    expect(opened.value.header).toEqual(header)
    expect(fromUtf8(opened.value.payload)).toBe('{"name":"NGUYỄN THỊ MẪU"}')
    expect(opened.value.dataKey).toEqual(dataKey)
    expect(await verifyPacketSignature(packet, device.jwk)).toBe(true)
    const again = await openPayload(packet, dataKey)
    expect(again.ok && fromUtf8(again.value)).toBe(fromUtf8(payload))
  })

  it('holds no plain text of the payload', () => {
    expect(fromUtf8(fromBase64Url(packet.header) ?? new Uint8Array())).not.toContain('MẪU')
  })

  it.each(Object.keys(parts))('refuses any flipped bit of its %s, in the seal and in the signature', async (part) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (bit) => {
        const broken = parts[part]?.(bit)
        if (broken === undefined) throw new Error(part)
        expect((await openPacket(broken, gateway)).ok).toBe(false)
        expect(await verifyPacketSignature(broken, device.jwk)).toBe(false)
      }),
    )
  })

  it('refuses any flipped bit of its signature, and another key', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (bit) => {
        expect(await verifyPacketSignature({ ...packet, signature: flipBit(packet.signature, bit) }, device.jwk)).toBe(false)
      }),
    )
    expect(await verifyPacketSignature(packet, { ...device.jwk, x: device.jwk.y, y: device.jwk.x })).toBe(false)
  })

  it('refuses another text for the same bytes', async () => {
    expect(fromBase64Url('QQ')).toEqual(new Uint8Array([65]))
    expect(fromBase64Url('QR')).toBeUndefined()
    expect(fromBase64Url('QQ==')).toBeUndefined()
    expect(fromBase64Url('Q')).toBeUndefined()
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 40_000, size: 'max' }), async (bytes) => {
        expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes)
      }),
      { numRuns: 20 },
    )
  })

  it('names a key it does not have, and what is malformed', async () => {
    const other = await openPacket(packet, { ...gateway, keyId: 'seal-2' })
    expect(other).toEqual({ ok: false, error: { type: 'unknown-key', detail: 'seal-1' } })
    expect(parseHeader({ header: toBase64Url(toUtf8('{')) })).toMatchObject({ ok: false, error: { type: 'malformed' } })
    expect(parseHeader({ header: toBase64Url(toUtf8('{"format":"tram-packet-2"}')) })).toMatchObject({ ok: false })
    const short = await openPacket({ ...packet, payload: 'AAAA' }, gateway)
    expect(short).toMatchObject({ ok: false, error: { type: 'malformed' } })
  })

  it('gives another digest for any other text', async () => {
    const digest = await packetDigest(packet)
    expect(digest).toMatch(/^[0-9a-f]{64}$/)
    const moved = {
      ...packet,
      header: packet.header.slice(0, -1),
      sealedKey: { ...packet.sealedKey, enc: `${packet.header.slice(-1)}${packet.sealedKey.enc}` },
    }
    expect(await packetDigest(moved)).not.toBe(digest)
    expect(signedBytes(digest)).toHaveLength('tram-packet-1'.length + 1 + 32)
  })

  it('refuses a gateway key that is no point of the curve', async () => {
    const recipient = { keyId: 'seal-1', publicKey: toBase64Url(new Uint8Array(65).fill(4)) }
    expect(await sealPacket({ header, payload, dataKey, recipient })).toMatchObject({
      ok: false,
      error: { type: 'gateway-key-invalid' },
    })
  })
})
