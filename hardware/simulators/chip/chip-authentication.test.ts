/** Chip Authentication between the two sides, through the whole reading. */
import { describe, expect, it } from 'vitest'
import { createReadingTools, transmitTo } from '../../../tests/fixtures/chip-reading.ts'
import { parseChipAuthentication } from '../../protocols/chip-authentication/chip-authentication-infos.ts'
import { beginReading, readChip } from '../../protocols/reading/read-chip.ts'
import { decodeTlvList, encodeTlv } from '../../protocols/tlv/tlv.ts'
import { mrzAccessOf, nguyenThiMau } from '../specimens.ts'
import { type ChipAuthenticationOffer, createChipAuthentication } from './chip-authentication.ts'
import { type ChipFault, createSimulatedChip } from './simulated-chip.ts'

/** As the session does it: opened again as long as the reading asks for it. */
const readOf = async (chipAuthentication: ChipAuthenticationOffer | null, ...faults: ChipFault[]) => {
  const files = new Map([[0x0102, encodeTlv(0x75, new Uint8Array(3000).fill(7))]])
  const chip = createSimulatedChip(nguyenThiMau, { chipAuthentication, faults, files })
  const soFar = beginReading()
  const hear = { progress: () => {}, text: () => {} }
  for (let openings = 1; ; openings += 1) {
    chip.reset()
    const request = { access: mrzAccessOf(nguyenThiMau) }
    const tools = createReadingTools(transmitTo(chip))
    const reading = await readChip(tools, request, hear, { longest: 65_536, headFirst: false }, soFar)
    if (reading.ok)
      return {
        ...reading.value.chipAuthentication,
        openings,
        by: reading.value.accessProtocol,
        photo: reading.value.raw.get('dg2')?.length,
      }
    if (reading.error.type !== 'read-refused' || openings > 4) throw new Error(reading.error.type)
  }
}

describe('terminal and chip agree on a new channel', () => {
  it.each([
    ['aes-128', 13, 'pace'],
    ['aes-256', 17, 'pace'],
    ['aes-192', 12, 'bac'],
    ['3des', 12, 'bac'],
    ['3des', 13, 'pace'],
    ['aes-128', 10, 'bac'],
    ['aes-128', 0, 'bac'],
    ['3des', 2, 'bac'],
  ] as const)('%s, parameters %i, after %s', async (cipher, parameterId, by) => {
    const faults: ChipFault[] = by === 'bac' ? [{ type: 'no-pace' }] : []
    expect(await readOf({ cipher, parameterId }, ...faults)).toMatchObject({ outcome: 'proven', openings: 1, by, photo: 3004 })
  })

  it('a copied chip does not hold the key: said so, and what it holds is read all the same', async () => {
    expect(await readOf({ cipher: 'aes-128', parameterId: 13 }, { type: 'copied-chip' })).toMatchObject({
      outcome: 'failed',
      openings: 3,
      photo: 3004,
    })
  })

  it('a chip without keys offers none', async () => {
    expect(await readOf(null)).toMatchObject({ outcome: 'not-offered', openings: 1 })
  })
})

const listOf = (bytes: Uint8Array | undefined) => {
  const list = decodeTlvList(bytes ?? new Uint8Array())
  return list.ok ? list.value : []
}

describe('DG14', () => {
  const { dg14 } = createChipAuthentication(nguyenThiMau.personalNumber, { cipher: 'aes-128', parameterId: 13 })

  it('names protocol, curve and key', () => {
    const keys = parseChipAuthentication(dg14)
    expect(keys.ok && keys.value.map(({ cipher, agreement, keyId }) => [cipher, agreement.name, keyId])).toEqual([
      ['aes-128', 'brainpoolP256r1', undefined],
    ])
  })

  it('a key without a protocol is of 3DES', () => {
    const [, keyInfo] = listOf(listOf(listOf(dg14)[0]?.value)[0]?.value)
    const only = parseChipAuthentication(encodeTlv(0x6e, encodeTlv(0x31, encodeTlv(0x30, keyInfo?.value ?? new Uint8Array()))))
    expect(only.ok && only.value.map(({ cipher }) => cipher)).toEqual(['3des'])
  })

  it('any cut or changed byte gives a Result', () => {
    for (let at = 0; at < dg14.length; at += 1) {
      expect(typeof parseChipAuthentication(dg14.subarray(0, at)).ok).toBe('boolean')
      expect(typeof parseChipAuthentication(dg14.map((byte, index) => (index === at ? byte ^ 0x21 : byte))).ok).toBe('boolean')
    }
  })
})
