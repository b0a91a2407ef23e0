import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CardAccess } from '../../../contracts/card.ts'
import { createReadingTools, type Garble, readWhole, transmitTo } from '../../../tests/fixtures/chip-reading.ts'
import { fromHex } from '../../protocols/bytes/bytes.ts'
import { type CommandApdu, decodeResponse, encodeCommand } from '../../protocols/iso7816/apdu.ts'
import { parseCardAccess } from '../../protocols/pace/card-access.ts'
import { seedLength } from '../../protocols/pace/curves.ts'
import { beginPace, choosePaceInfo, selectPace } from '../../protocols/pace/pace.ts'
import type { PacePassword } from '../../protocols/pace/pace-keys.ts'
import { unwrapResponse, wrapCommand } from '../../protocols/secure-messaging/secure-messaging.ts'
import { canOf, mrzAccessOf, nguyenThiMau, specimens, tranVanThu } from '../specimens.ts'
import { efCardAccess } from './chip-pace.ts'
import { type ChipFault, createSimulatedChip, type SimulatedChip } from './simulated-chip.ts'

const random = {
  mappingSeed: new Uint8Array(seedLength).fill(0x5a),
  agreementSeed: new Uint8Array(seedLength).fill(0xc3),
}
const { type: _mrz, ...mrz } = mrzAccessOf(nguyenThiMau)
const can = { type: 'can' as const, can: canOf(nguyenThiMau) }

const send = (chip: SimulatedChip, command: CommandApdu | string) => {
  const answer = chip.transmit(typeof command === 'string' ? fromHex(command) : encodeCommand(command))
  const response = answer.type === 'answer' ? decodeResponse(answer.bytes) : undefined
  if (!response?.ok) throw new Error(answer.type)
  return response.value
}
const read = (chip: SimulatedChip, access: CardAccess, garble?: Garble) => readWhole(transmitTo(chip, garble), access)
const chipWith = (...faults: readonly ChipFault['type'][]): SimulatedChip =>
  createSimulatedChip(nguyenThiMau, { faults: faults.map((type) => ({ type }) as ChipFault) })

/** PACE alone, up to the channel. */
const open = (chip: SimulatedChip, password: PacePassword) => {
  send(chip, '00A4020C02011C')
  const offered = parseCardAccess(send(chip, '00B0000000').data)
  const info = offered.ok ? choosePaceInfo(offered.value) : undefined
  const begun = info && beginPace(info, password, random)
  if (info === undefined || !begun?.ok) throw new Error('no PACE')
  expect(send(chip, selectPace(info, password, false)).statusWord).toBe(0x9000)
  let step = begun.value
  for (;;) {
    const { data, statusWord } = send(chip, step.command)
    if (statusWord !== 0x9000) throw new Error(`${step.name} ${statusWord.toString(16)}`)
    const next = step.accept(data)
    if (!next.ok) throw new Error(next.error.type)
    if ('channel' in next.value) return next.value.channel
    step = next.value.step
  }
}

describe('terminal and chip agree', () => {
  it.each([
    ['3des', 12],
    ['aes-128', 12],
    ['aes-128', 13],
    ['aes-192', 13],
    ['aes-256', 13],
    ['aes-256', 18],
    ['aes-192', 15],
    ['aes-128', 16],
    ['aes-256', 17],
  ] as const)('%s on the curve of parameter %i, from the CAN to the last byte of DG13', async (cipher, parameterId) => {
    const chip = createSimulatedChip(nguyenThiMau, { pace: { cipher, parameterId } })
    const reading = await read(chip, can)
    if (!reading.ok) throw new Error(reading.error.detail)
    expect(reading.value).toMatchObject({
      accessProtocol: 'pace',
      person: { fullName: nguyenThiMau.fullName, residence: nguyenThiMau.residence },
      groupsMissing: [],
    })
  })

  it.each([
    ['3des', 0, 'generic'],
    ['aes-128', 1, 'generic'],
    ['aes-256', 2, 'generic'],
    ['aes-128', 0, 'integrated'],
    ['aes-192', 2, 'integrated'],
    ['3des', 13, 'integrated'],
    ['aes-128', 12, 'integrated'],
    ['aes-192', 13, 'integrated'],
    ['aes-256', 17, 'integrated'],
    ['aes-128', 8, 'generic'],
    ['aes-128', 9, 'generic'],
    ['aes-128', 10, 'generic'],
    ['aes-128', 11, 'integrated'],
    ['aes-128', 14, 'generic'],
  ] as const)('%s, parameters %i, %s mapping: the chip opens', (cipher, parameterId, mapping) => {
    const chip = createSimulatedChip(nguyenThiMau, { pace: { cipher, parameterId, mapping } })
    expect(open(chip, can).sendSequenceCounter.length).toBe(cipher === '3des' ? 8 : 16)
  })

  it('whatever either of them throws in, by MRZ as by CAN', () => {
    const seed = fc.uint8Array({ minLength: seedLength, maxLength: seedLength })
    fc.assert(
      fc.property(seed, fc.boolean(), (bytes, byCan) => {
        let at = 0
        const byte = (): number => {
          at += 1
          return at * 31 + (bytes[at % seedLength] ?? 0)
        }
        const chip = createSimulatedChip(nguyenThiMau, {
          random: (length) => Uint8Array.from({ length }, byte),
        })
        expect(open(chip, byCan ? can : mrzAccessOf(nguyenThiMau)).sendSequenceCounter.length).toBe(16)
      }),
      { seed: 9303, numRuns: 6 },
    )
  })

  it('EF.CardAccess is the one seen on cards of 2021', () => {
    expect(efCardAccess({ cipher: 'aes-128', parameterId: 13 })).toEqual(
      fromHex('3134300d060804007f0007020202020101300f060a04007f000702020302020201013012060a04007f0007020204020202010202010d'),
    )
  })
})

describe('the choice of PACE or BAC', () => {
  const outcome = async (chip: SimulatedChip, access: CardAccess) => {
    const reading = await read(chip, access)
    if (!reading.ok) return `${reading.error.type}: ${reading.error.detail}`
    const { accessProtocol, accessFallback } = reading.value
    return accessFallback === undefined ? accessProtocol : `${accessProtocol}, for ${accessFallback}`
  }
  const wrongCan = { type: 'can' as const, can: canOf(tranVanThu) }

  it('opens by PACE where the chip offers it, whatever it asks for first', async () => {
    expect(await outcome(chipWith(), can)).toBe('pace')
    expect(await outcome(chipWith('master-file-first'), can)).toBe('pace')
    expect(await outcome(chipWith('parameters-wanted'), can)).toBe('pace')
    expect(await outcome(chipWith(), { ...can, mrz })).toBe('pace')
  })

  it('falls back to BAC when the MRZ is known, and states why', async () => {
    expect(await outcome(chipWith('no-pace'), { ...can, mrz })).toBe('bac, for SELECT EF.CardAccess: 6A82')
    expect(await outcome(chipWith(), { ...wrongCan, mrz })).toBe('bac, for PACE token: 6300')
  })

  it('says at once that the number is wrong, with the reason, when only the CAN is known', async () => {
    expect(await outcome(chipWith('no-pace'), can)).toBe('invalid-request: SELECT EF.CardAccess: 6A82')
    expect(await outcome(chipWith(), wrongCan)).toBe('wrong-number: PACE token: 6300')
    expect(await outcome(chipWith('wrong-key'), can)).toBe('wrong-number: PACE token: 6300')
  })

  it('names both ways when both fail', async () => {
    expect(await outcome(chipWith('wrong-key'), { ...can, mrz })).toBe(
      'access-denied: EXTERNAL AUTHENTICATE: 6300; also PACE token: 6300',
    )
  })

  it('tells another card from a wrong number', async () => {
    expect(await outcome(chipWith('not-an-identity-card'), can)).toBe('not-an-identity-card: SELECT application: 6A82')
    expect(await outcome(chipWith('not-an-identity-card'), { ...can, mrz })).toContain('not-an-identity-card')
  })

  it('opens by PACE with the MRZ, by BAC where the chip has no PACE', async () => {
    expect(await outcome(chipWith(), mrzAccessOf(nguyenThiMau))).toBe('pace')
    expect(await outcome(chipWith('no-bac'), mrzAccessOf(nguyenThiMau))).toBe('pace')
    expect(await outcome(chipWith('no-pace'), mrzAccessOf(nguyenThiMau))).toBe('bac, for SELECT EF.CardAccess: 6A82')
    expect(await outcome(chipWith(), mrzAccessOf(tranVanThu))).toBe('access-denied: PACE token: 6300')
    expect(await outcome(chipWith('no-bac', 'no-pace'), mrzAccessOf(nguyenThiMau))).toBe(
      'unexpected-status: SELECT application: 6982; also SELECT EF.CardAccess: 6A82',
    )
  })

  it('names both ways when the number is wrong and the chip has no BAC', async () => {
    expect(await outcome(chipWith('no-bac'), { ...wrongCan, mrz })).toBe(
      'wrong-number: PACE token: 6300; also SELECT application: 6982',
    )
  })

  describe('from the 12 digits of the personal number', () => {
    const number = { type: 'number' as const, personalNumber: nguyenThiMau.personalNumber }
    const dates = { birthDate: nguyenThiMau.birthDate, issueDate: nguyenThiMau.issueDate }

    it('opens by PACE, without any date', async () => {
      expect(await outcome(chipWith(), number)).toBe('pace')
    })

    it('says at once that the number is wrong, and tries no BAC by it', async () => {
      let commands = 0
      const wrong = { ...number, ...dates, personalNumber: '000190000018' }
      const reading = await readWhole((command) => {
        commands += 1
        expect(command[1]).not.toBe(0x82)
        return transmitTo(chipWith())(command)
      }, wrong)
      expect(reading.ok).toBe(false)
      expect(commands).toBeGreaterThan(0)
      expect(await outcome(chipWith(), wrong)).toBe('wrong-number: PACE token: 6300')
    })

    it('asks for the dates where the chip has no PACE, and opens by BAC with them', async () => {
      expect(await outcome(chipWith('no-pace'), number)).toBe('dates-needed: SELECT EF.CardAccess: 6A82')
      expect(await outcome(chipWith('no-pace'), { ...number, ...dates })).toBe('bac, for SELECT EF.CardAccess: 6A82')
      expect(await outcome(chipWith('no-pace', 'not-an-identity-card'), number)).toContain('not-an-identity-card')
    })

    it('tries each date the card may end at, with growing pauses, and no more', async () => {
      // The specimen ends at 40; by its birth date alone it may have ended at 25.
      const third = specimens[2] ?? nguyenThiMau
      const tried = async (access: CardAccess, ...faults: ChipFault['type'][]) => {
        const chip = createSimulatedChip(third, { faults: faults.map((type) => ({ type }) as ChipFault) })
        let tries = 0
        const transmit = transmitTo(chip)
        const tools = createReadingTools((command) => {
          if (command[1] === 0x82) tries += 1
          return transmit(command)
        })
        const reading = await readWhole(transmit, access, {}, tools)
        return { tries, pauses: tools.pauses, result: reading.ok ? reading.value.accessProtocol : reading.error.type }
      }
      const access = { type: 'number' as const, personalNumber: third.personalNumber, birthDate: third.birthDate }
      expect(await tried(access, 'no-pace')).toEqual({ tries: 1, pauses: [], result: 'bac' })
      expect(await tried({ ...access, issueDate: '2022-02-03' }, 'no-pace', 'wrong-key')).toEqual({
        tries: 2,
        pauses: [1000],
        result: 'access-denied',
      })
      expect(await tried({ ...access, expiryDate: third.expiryDate }, 'no-pace', 'wrong-key')).toMatchObject({ tries: 1 })
    })

    it("tells another person's card with the same six last digits", async () => {
      expect(await outcome(chipWith(), { ...number, personalNumber: '000088000017' })).toContain('other-card')
    })

    it('leaves a chip alone that says it counts the tries', async () => {
      expect(await outcome(createSimulatedChip(nguyenThiMau, { faults: [{ type: 'tries-left', count: 2 }] }), number)).toBe(
        'access-suspended: MSE:Set AT: 63C2',
      )
      expect(await outcome(createSimulatedChip(nguyenThiMau, { faults: [{ type: 'tries-left', count: 3 }] }), number)).toBe(
        'pace',
      )
    })
  })
})

describe('the chip keeps its access conditions', () => {
  it('gives nothing but EF.CardAccess before PACE', () => {
    const chip = chipWith()
    for (const file of ['011E', '0101', '0103', '010D']) expect(send(chip, `00A4020C02${file}`).statusWord).not.toBe(0x9000)
    expect(send(chip, '00B0000004').statusWord).toBe(0x6985)
    expect(send(chip, '00A4020C02011C').statusWord).toBe(0x9000)
  })

  it('opens the application through the channel, not the files beside it, and DG3 never', () => {
    const chip = chipWith()
    let channel = open(chip, can)
    const through = (command: CommandApdu): number => {
      const wrapped = wrapCommand(channel, command)
      const unwrapped = unwrapResponse(wrapped.channel, send(chip, wrapped.command))
      if (!unwrapped.ok) throw new Error(unwrapped.error.type)
      channel = unwrapped.value.channel
      return unwrapped.value.response.statusWord
    }
    const select = (low: number): number => through({ cla: 0, ins: 0xa4, p1: 2, p2: 0x0c, data: Uint8Array.of(1, low) })
    expect(select(0x01)).toBe(0x6a82)
    expect(through({ cla: 0, ins: 0xa4, p1: 4, p2: 0x0c, data: fromHex('A0000002471001') })).toBe(0x9000)
    expect(select(0x01)).toBe(0x9000)
    expect(select(0x03)).toBe(0x6982)
  })

  it('ends the session at an unprotected command', () => {
    const chip = chipWith()
    const wrapped = wrapCommand(open(chip, can), { cla: 0, ins: 0xa4, p1: 4, p2: 0x0c, data: fromHex('A0000002471001') })
    expect(send(chip, '00B0000004').statusWord).toBe(0x6982)
    expect(send(chip, wrapped.command).statusWord).toBe(0x6988)
  })

  it('takes the steps in their order only', () => {
    const chip = chipWith()
    expect(send(chip, '10860000027C0000').statusWord).toBe(0x6985)
    expect(send(chip, '0022C1A40F800A04007F00070202040202830102').statusWord).toBe(0x9000)
    expect(send(chip, '008600000C7C0A8508000000000000000000').statusWord).toBe(0x6a80)
    expect(send(chip, '10860000027C0000').statusWord).toBe(0x6985)
    expect(send(chip, '0022C1A40F800A04007F00070202040202830103').statusWord).toBe(0x6a88)
    expect(send(chip, '0022C1A40F800A04007F00070202040203830102').statusWord).toBe(0x6a80)
  })

  it('answers any bytes with a status word, at any step', () => {
    const starts = ['00A4020C02011C', '0022C1A40F800A04007F00070202040202830102', '10860000027C0000']
    fc.assert(
      fc.property(fc.nat({ max: 3 }), fc.uint8Array({ maxLength: 60 }), fc.boolean(), (known, bytes, authenticate) => {
        const chip = chipWith()
        for (const start of starts.slice(0, known)) send(chip, start)
        const command = authenticate
          ? encodeCommand({ cla: 0x10, ins: 0x86, p1: 0, p2: 0, data: Uint8Array.of(0x7c, bytes.length, ...bytes), le: 256 })
          : bytes
        const answer = chip.transmit(command)
        expect(answer.type === 'answer' && answer.bytes.length >= 2).toBe(true)
      }),
      { seed: 9303, numRuns: 300 },
    )
  })
})

it('any garbled answer gives a named failure or the true data, never other data', async () => {
  const truth = await read(chipWith(), can)
  if (!truth.ok) throw new Error(truth.error.detail)
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 20 }),
      fc.uint8Array({ maxLength: 80 }),
      fc.boolean(),
      async (at, noise, replace) => {
        const result = await read(chipWith(), can, (bytes, command) =>
          command !== at ? bytes : replace ? noise : bytes.map((byte, index) => byte ^ (noise[index] ?? 0)),
        )
        if (result.ok) {
          expect(result.value.mrz).toEqual(truth.value.mrz)
          if (result.value.groupsMissing.length === 0) expect(result.value.person).toEqual(truth.value.person)
        } else expect(result.error.detail).not.toMatch(/NGUYEN|190000017/)
      },
    ),
    { seed: 9303, numRuns: 30 },
  )
})
