import { randomBytes, randomUUID, webcrypto } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Packet, PacketHeader } from '../../../contracts/packet.ts'
import { toBase64Url } from '../../packet/base64url.ts'
import { openPacket, packetDigest, sealPacket, signedBytes, verifyPacketSignature } from '../../packet/packet-codec.ts'
import { createPacketSeals } from './packet-seals.ts'

const pair = await webcrypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
const publicKey = toBase64Url(new Uint8Array(await webcrypto.subtle.exportKey('raw', pair.publicKey)))
const recipient = { keyId: 'seal-1', privateKey: pair.privateKey }
const seals = createPacketSeals({ recipientOf: () => recipient })
const device = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
const { x = '', y = '' } = await webcrypto.subtle.exportKey('jwk', device.publicKey)
const deviceKey = { kty: 'EC', crv: 'P-256', x, y } as const

const headerOf = (): PacketHeader => ({
  format: 'tram-packet-1',
  packetId: randomUUID(),
  stationId: randomUUID(),
  counter: 1,
  kind: 'submit',
  procedureCode: '2.000635',
  procedureVersion: '1',
  training: true,
  gatewayKeyId: recipient.keyId,
  chunkSize: 262_144,
  attachments: [],
  sealedAt: '2026-11-22T02:00:00.000Z',
})

const seal = async (payload: Uint8Array): Promise<Packet> => {
  const dataKey = randomBytes(32)
  const sealed = await sealPacket({ header: headerOf(), payload, dataKey, recipient: { keyId: recipient.keyId, publicKey } })
  if (!sealed.ok) throw new Error(sealed.error.detail)
  const { packet, digest } = sealed.value
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
  const signature = await webcrypto.subtle.sign(algorithm, device.privateKey, signedBytes(digest))
  return { ...packet, signature: toBase64Url(new Uint8Array(signature)) }
}

it('opens, digests and believes what the kiosk sealed and signed, as WebCrypto does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 3_000 }), async (payload) => {
      const packet = await seal(payload)
      const [mine, reference] = [await seals.open(packet), await openPacket(packet, recipient)]
      if (!mine.ok || !reference.ok) throw new Error('does not open')
      expect(mine.value.payload).toEqual(Uint8Array.from(payload))
      expect(Buffer.from(mine.value.dataKey).equals(reference.value.dataKey)).toBe(true)
      expect(await seals.digest(packet)).toBe(await packetDigest(packet))
      expect(await seals.isSignedBy(packet, deviceKey)).toBe(true)
    }),
    { numRuns: 25, seed: 5 },
  )
})

it('says of a changed packet just what WebCrypto says', async () => {
  const packet = await seal(randomBytes(200))
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_='.split('')
  const part = fc.constantFrom('header', 'payload', 'signature', 'enc', 'ciphertext')
  await fc.assert(
    fc.asyncProperty(part, fc.nat(), fc.constantFrom(...alphabet), fc.boolean(), async (name, at, letter, shorter) => {
      const change = (text: string) => {
        const place = at % text.length
        return text.slice(0, place) + (shorter ? '' : letter) + text.slice(place + 1)
      }
      const { enc, ciphertext } = packet.sealedKey
      const changed: Packet = {
        header: name === 'header' ? change(packet.header) : packet.header,
        payload: name === 'payload' ? change(packet.payload) : packet.payload,
        signature: name === 'signature' ? change(packet.signature) : packet.signature,
        sealedKey: {
          enc: name === 'enc' ? change(enc) : enc,
          ciphertext: name === 'ciphertext' ? change(ciphertext) : ciphertext,
        },
      }
      const [mine, reference] = [await seals.open(changed), await openPacket(changed, recipient)]
      expect(mine.ok ? 'opens' : mine.error.type).toBe(reference.ok ? 'opens' : reference.error.type)
      expect(await seals.isSignedBy(changed, deviceKey)).toBe(await verifyPacketSignature(changed, deviceKey))
    }),
    { numRuns: 150, seed: 6 },
  )
})

it('opens nothing by another key, and nothing sealed to a point beside the curve', async () => {
  const packet = await seal(randomBytes(50))
  const other = await webcrypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
  const strange = createPacketSeals({ recipientOf: () => ({ keyId: recipient.keyId, privateKey: other.privateKey }) })
  expect(await strange.open(packet)).toMatchObject({ ok: false, error: { type: 'seal-invalid' } })
  const renamed = createPacketSeals({ recipientOf: () => ({ ...recipient, keyId: 'seal-2' }) })
  expect(await renamed.open(packet)).toMatchObject({ ok: false, error: { type: 'unknown-key' } })
  const beside = Buffer.alloc(65, 7)
  beside[0] = 4
  const enc = beside.toString('base64url')
  const moved = { ...packet, sealedKey: { ...packet.sealedKey, enc } }
  expect(await seals.open(moved)).toMatchObject({ ok: false, error: { type: 'seal-invalid' } })
})
