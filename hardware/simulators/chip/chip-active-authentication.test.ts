/** Active Authentication through the whole reading: the challenge is the reading's own, the answer stands under the key of DG15. */
import { constants, createHash, createPublicKey, generateKeyPairSync, publicDecrypt, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createReadingTools, transmitTo } from '../../../tests/fixtures/chip-reading.ts'
import { beginReading, readChip } from '../../protocols/reading/read-chip.ts'
import { readManners } from '../../protocols/reading/read-file.ts'
import { mrzAccessOf, nguyenThiMau } from '../specimens.ts'
import type { ChipActiveKey } from './chip-active-authentication.ts'
import { createSimulatedChip } from './simulated-chip.ts'

const [extended, short] = readManners
if (extended === undefined || short === undefined) throw new Error('no manner')

const readOf = async (activeKey: ChipActiveKey | undefined, manner = extended, alsoChipAuthentication = false) => {
  const chip = createSimulatedChip(nguyenThiMau, {
    faults: [{ type: 'no-pace' }],
    ...(alsoChipAuthentication ? {} : { chipAuthentication: null }),
    ...(activeKey === undefined ? { files: new Map([[0x010f, Uint8Array.of(0x6f, 0x02, 0x30, 0x00)]]) } : { activeKey }),
  })
  const tools = createReadingTools(transmitTo(chip))
  const request = { access: mrzAccessOf(nguyenThiMau) }
  const reading = await readChip(tools, request, { progress: () => {}, text: () => {} }, manner, beginReading())
  if (!reading.ok) throw new Error(reading.error.type)
  return reading.value
}
const signedBy = async (activeKey: ChipActiveKey, manner = extended) => {
  const { activeSignature } = await readOf(activeKey, manner)
  if (activeSignature?.outcome !== 'signed') throw new Error(activeSignature?.detail)
  return activeSignature
}

describe('the chip signs the challenge', () => {
  it.each(['sha1', 'sha256'] as const)('with RSA by ISO 9796-2 and %s', async (hash) => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const { signature, challenge } = await signedBy({ privateKey, hash })
    const block = publicDecrypt({ key: createPublicKey(privateKey), padding: constants.RSA_NO_PADDING }, signature)
    const trailer = hash === 'sha1' ? 1 : 2
    const digestAt = block.length - trailer - (hash === 'sha1' ? 20 : 32)
    expect(block[0]).toBe(0x6a)
    expect(block.subarray(-trailer).toString('hex')).toBe(hash === 'sha1' ? 'bc' : '34cc')
    const digest = createHash(hash).update(block.subarray(1, digestAt)).update(challenge).digest()
    expect(block.subarray(digestAt, digestAt + digest.length)).toEqual(digest)
  })

  it.each([extended, short])('with ECDSA, r and s side by side, in the manner %o', async (manner) => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const { signature, challenge } = await signedBy({ privateKey, hash: 'sha256' }, manner)
    const key = { key: createPublicKey(privateKey), dsaEncoding: 'ieee-p1363' as const }
    expect(verify('sha256', challenge, key, signature)).toBe(true)
  })

  it('a group without its key signs nothing, and the reading goes on', async () => {
    const { activeSignature } = await readOf(undefined)
    expect(activeSignature).toEqual({ outcome: 'refused', detail: 'INTERNAL AUTHENTICATE: 6985' })
  })

  it('is not asked where Chip Authentication has proven the chip', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const reading = await readOf({ privateKey, hash: 'sha256' }, extended, true)
    expect(reading.chipAuthentication.outcome).toBe('proven')
    expect(reading.activeSignature).toBeUndefined()
  })
})
