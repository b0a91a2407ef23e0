import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ok } from '../../../contracts/result.ts'
import { createReadingTools, type Garble, readWhole, transmitTo } from '../../../tests/fixtures/chip-reading.ts'
import { authenticationData, completeAuthentication, documentKeys } from '../../protocols/bac/bac.ts'
import { fromHex, toHex } from '../../protocols/bytes/bytes.ts'
import { decodeResponse, encodeCommand } from '../../protocols/iso7816/apdu.ts'
import { unwrapResponse, wrapCommand } from '../../protocols/secure-messaging/secure-messaging.ts'
import { createTripleDesChannel } from '../../protocols/secure-messaging/triple-des-channel.ts'
import { mrzAccessOf, nguyenThiMau, specimens } from '../specimens.ts'
import { createSimulatedChip, type SimulatedChip } from './simulated-chip.ts'

const random = {
  nonce: fromHex('0102030405060708'),
  keyShare: fromHex('000102030405060708090A0B0C0D0E0F'),
}
const send = (chip: SimulatedChip, command: Uint8Array) => {
  const answer = chip.transmit(command)
  if (answer.type !== 'answer') throw new Error(answer.type)
  const response = decodeResponse(answer.bytes)
  if (!response.ok) throw new Error(response.error.detail)
  return response.value
}
const status = (chip: SimulatedChip, hex: string): string => send(chip, fromHex(hex)).statusWord.toString(16)
const selectApplication = '00A4040C07A0000002471001'

const open = (chip: SimulatedChip) => {
  send(chip, fromHex(selectApplication))
  const keys = documentKeys(mrzAccessOf(nguyenThiMau))
  const challenge = send(chip, fromHex('0084000008')).data
  const data = authenticationData(keys, challenge, random)
  const answer = send(chip, encodeCommand({ cla: 0, ins: 0x82, p1: 0, p2: 0, data, le: 40 }))
  const session = completeAuthentication(keys, challenge, random, answer.data)
  if (!session.ok) throw new Error(session.error.type)
  return createTripleDesChannel(session.value)
}

describe('the chip keeps its access conditions', () => {
  it('gives no file before BAC', () => {
    const chip = createSimulatedChip(nguyenThiMau)
    expect(status(chip, '00A4000C023F00')).toBe('6d00')
    expect(status(chip, selectApplication)).toBe('9000')
    for (const file of ['011E', '0101', '0103', '010D']) expect(status(chip, `00A4020C02${file}`)).toBe('6982')
    expect(status(chip, '00B0000004')).toBe('6982')
  })

  it('keeps DG3 locked and has no DG11, even after BAC', () => {
    const chip = createSimulatedChip(nguyenThiMau)
    let channel = open(chip)
    for (const [file, expected] of [
      [0x03, 0x6982],
      [0x0b, 0x6a82],
      [0x01, 0x9000],
    ] as const) {
      const wrapped = wrapCommand(channel, { cla: 0, ins: 0xa4, p1: 2, p2: 0x0c, data: Uint8Array.of(1, file) })
      const unwrapped = unwrapResponse(wrapped.channel, send(chip, encodeCommand(wrapped.command)))
      if (!unwrapped.ok) throw new Error(unwrapped.error.type)
      expect(unwrapped.value.response.statusWord).toBe(expected)
      channel = unwrapped.value.channel
    }
  })

  it('ends the session at an unprotected command, a wrong MAC, a replay', () => {
    for (const spoil of ['plain', 'mac', 'replay'] as const) {
      const chip = createSimulatedChip(nguyenThiMau)
      const wrapped = wrapCommand(open(chip), { cla: 0, ins: 0xa4, p1: 2, p2: 0x0c, data: Uint8Array.of(1, 0x1e) })
      const good = encodeCommand(wrapped.command)
      if (spoil === 'plain') expect(status(chip, '00A4020C02011E')).toBe('6982')
      if (spoil === 'mac') expect(status(chip, toHex(good.map((byte, at) => (at === 12 ? byte ^ 1 : byte))))).toBe('6988')
      if (spoil === 'replay') expect(send(chip, good).statusWord).toBe(0x9000)
      expect(send(chip, good).statusWord).toBe(0x6988)
    }
  })

  it('takes a challenge once', () => {
    const chip = createSimulatedChip(nguyenThiMau)
    send(chip, fromHex(selectApplication))
    const keys = documentKeys(mrzAccessOf(nguyenThiMau))
    const data = authenticationData(keys, send(chip, fromHex('0084000008')).data, random)
    const command = encodeCommand({ cla: 0, ins: 0x82, p1: 0, p2: 0, data, le: 40 })
    expect(send(chip, command).statusWord).toBe(0x9000)
    expect(send(chip, command).statusWord).toBe(0x6985)
  })

  it('answers any bytes with a status word', () => {
    const chip = createSimulatedChip(nguyenThiMau)
    open(chip)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const answer = chip.transmit(bytes)
        expect(answer.type === 'answer' && answer.bytes.length >= 2).toBe(true)
      }),
      { seed: 9303, numRuns: 500 },
    )
  })
})

describe('reading', () => {
  const read = (chip: SimulatedChip, garble?: Garble) => readWhole(transmitTo(chip, garble), mrzAccessOf(chip.specimen))
  const readText = (chip: SimulatedChip, garble?: Garble) => {
    const transmit = transmitTo(chip, garble)
    return readWhole(transmit, mrzAccessOf(chip.specimen), {}, createReadingTools(transmit), ['dg1', 'dg13'])
  }

  it.each(specimens)('$fullName: the personal number fits century, sex and birth year', async (specimen) => {
    const reading = await read(createSimulatedChip(specimen))
    if (!reading.ok) throw new Error(reading.error.detail)
    const number = reading.value.person.personalNumber ?? ''
    expect(number.slice(0, 3)).toBe('000')
    expect(Number(number[3]) % 2 === 0 ? 'Nam' : 'Nữ').toBe(specimen.sex)
    expect(number.slice(4, 6)).toBe(specimen.birthDate.slice(2, 4))
    expect(reading.value.mrz.documentNumber).toBe(number.slice(-9))
    expect(specimen.expiryDate > '2026-11-30').toBe(true)
  })

  it('over T=0: answers in pieces and lengths asked for again', async () => {
    const chip = createSimulatedChip(nguyenThiMau)
    let kept: Uint8Array = new Uint8Array()
    let sixC = 0
    const result = await readWhole(async (command) => {
      if (command[1] !== 0xc0) {
        // The first protected read is told its length once, before the chip itself sees it.
        if (command[0] === 0x0c && command[1] === 0xb0 && sixC === 0) {
          sixC += 1
          return ok(fromHex('6C14'))
        }
        const answer = chip.transmit(command)
        if (answer.type !== 'answer') throw new Error(answer.type)
        kept = answer.bytes
        if (kept.length === 2) return ok(kept)
      }
      const data = kept.slice(0, -2)
      const piece = data.slice(0, data.length > 1000 ? 256 : 20)
      const left = data.length - piece.length
      kept = kept.slice(piece.length)
      return ok(left === 0 ? Uint8Array.of(...piece, ...kept) : Uint8Array.of(...piece, 0x61, left > 255 ? 0 : left))
    }, mrzAccessOf(nguyenThiMau))
    expect(sixC).toBe(1)
    expect(result.ok ? result.value.person.fullName : result.error).toBe(nguyenThiMau.fullName)
  })

  it('any garbled answer gives a named failure or the true data, never other data', async () => {
    const truth = await readText(createSimulatedChip(nguyenThiMau, { faults: [{ type: 'no-pace' }] }))
    if (!truth.ok) throw new Error(truth.error.detail)
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.uint8Array({ maxLength: 80 }),
        fc.boolean(),
        async (at, noise, replace) => {
          const result = await readText(createSimulatedChip(nguyenThiMau, { faults: [{ type: 'no-pace' }] }), (bytes, command) =>
            command !== at ? bytes : replace ? noise : bytes.map((byte, index) => byte ^ (noise[index] ?? 0)),
          )
          if (result.ok) {
            expect(result.value.mrz).toEqual(truth.value.mrz)
            if (result.value.groupsMissing.length === 0) expect(result.value.person).toEqual(truth.value.person)
          } else expect(result.error.detail).not.toMatch(/NGUYEN|190000017/)
        },
      ),
      { seed: 9303, numRuns: 150 },
    )
  })
})
