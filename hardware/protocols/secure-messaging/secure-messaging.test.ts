import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, fromHex, toHex } from '../bytes/bytes.ts'
import { pad } from '../bytes/padding.ts'
import { decodeResponse, encodeCommand } from '../iso7816/apdu.ts'
import { encodeTlv } from '../tlv/tlv.ts'
import { createAesChannel } from './aes-channel.ts'
import { type SecureChannel, unwrapResponse, wrapCommand } from './secure-messaging.ts'
import { createTripleDesChannel } from './triple-des-channel.ts'

const opened = createTripleDesChannel({
  keys: { encryption: fromHex('979EC13B1CBFE9DCD01AB0FED307EAE5'), mac: fromHex('F1CB1F1FB5ADF208806B89DC579DC1F8') },
  sendSequenceCounter: fromHex('887022120C06C226'),
})
/** Command, protected command, protected answer, data of the answer. */
const steps = [
  {
    clause: 'D.4 a: SELECT EF.COM',
    command: { cla: 0x00, ins: 0xa4, p1: 0x02, p2: 0x0c, data: fromHex('011E') },
    apdu: '0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800',
    answer: '990290008E08FA855A5D4C50A8ED9000',
    data: '',
    counterAfter: '887022120C06C228',
  },
  {
    clause: 'D.4 b: READ BINARY, the first four bytes',
    command: { cla: 0x00, ins: 0xb0, p1: 0x00, p2: 0x00, le: 4 },
    apdu: '0CB000000D9701048E08ED6705417E96BA5500',
    answer: '8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000',
    data: '60145F01',
    counterAfter: '887022120C06C22A',
  },
  {
    clause: 'D.4 c: READ BINARY, the rest',
    command: { cla: 0x00, ins: 0xb0, p1: 0x00, p2: 0x04, le: 18 },
    apdu: '0CB000040D9701128E082EA28A70F3C7B53500',
    answer: '871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000',
    data: '04303130365F36063034303030305C026175',
    counterAfter: '887022120C06C22C',
  },
]

const response = (hex: string) => {
  const decoded = decodeResponse(fromHex(hex))
  if (!decoded.ok) throw new Error(decoded.error.detail)
  return decoded.value
}

describe('Doc 9303-11 appendix D.4: the worked example of secure messaging', () => {
  it('protects each command and opens each answer, in one session', () => {
    let channel = opened
    for (const step of steps) {
      const wrapped = wrapCommand(channel, step.command)
      expect(toHex(encodeCommand(wrapped.command)), step.clause).toBe(step.apdu)
      const unwrapped = unwrapResponse(wrapped.channel, response(step.answer))
      if (!unwrapped.ok) throw new Error(`${step.clause}: ${unwrapped.error.type}`)
      expect(unwrapped.value.authenticated).toBe(true)
      expect(unwrapped.value.response.statusWord).toBe(0x9000)
      expect(toHex(unwrapped.value.response.data), step.clause).toBe(step.data)
      channel = unwrapped.value.channel
      expect(toHex(channel.sendSequenceCounter), step.clause).toBe(step.counterAfter)
    }
  })
})

describe('what secure messaging refuses', () => {
  const first = steps[1]
  if (first === undefined) throw new Error('no step')
  const before = { ...opened, sendSequenceCounter: fromHex('887022120C06C228') }
  const sent = wrapCommand(before, first.command)

  it('an answer with any bit of its data changed', () => {
    const good = fromHex(first.answer)
    fc.assert(
      fc.property(fc.nat({ max: good.length - 3 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = good.map((byte, index) => (index === at ? byte ^ change : byte))
        expect(unwrapResponse(sent.channel, response(toHex(changed))).ok).toBe(false)
      }),
      { seed: 9303, numRuns: 300 },
    )
  })

  it('an answer replayed later in the session', () => {
    const later = wrapCommand(sent.channel, first.command)
    expect(unwrapResponse(later.channel, response(first.answer))).toEqual({
      ok: false,
      error: { type: 'secure-messaging-mac-wrong' },
    })
  })

  it('success without a MAC; a bare error passes as unauthenticated', () => {
    expect(unwrapResponse(sent.channel, { data: new Uint8Array(), statusWord: 0x9000 }).ok).toBe(false)
    const bare = unwrapResponse(sent.channel, { data: new Uint8Array(), statusWord: 0x6988 })
    expect(bare.ok && bare.value.authenticated).toBe(false)
  })

  it('any other bytes, without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300, minLength: 1 }), (data) => {
        expect(unwrapResponse(sent.channel, { data, statusWord: 0x9000 }).ok).toBe(false)
      }),
      { seed: 9303, numRuns: 500 },
    )
  })
})

describe('both ciphers', () => {
  const keys = (length: number) =>
    fc.record({
      encryption: fc.uint8Array({ minLength: length, maxLength: length }),
      mac: fc.uint8Array({ minLength: length, maxLength: length }),
    })
  const channels: fc.Arbitrary<SecureChannel> = fc.oneof(
    keys(16).map((pair) => createTripleDesChannel({ keys: pair, sendSequenceCounter: new Uint8Array(8) })),
    fc
      .constantFrom(16, 24, 32)
      .chain(keys)
      .map((pair) => createAesChannel(pair)),
  )
  /** The answer a chip gives: DO 87, DO 99, DO 8E under the counter after the command's. */
  const answerOf = ({ cipher, sendSequenceCounter }: SecureChannel, data: Uint8Array, statusWord: number) => {
    const counter = Uint8Array.from(sendSequenceCounter)
    counter[counter.length - 1] = (counter.at(-1) ?? 0) + 1
    const body = concatBytes(
      data.length === 0 ? data : encodeTlv(0x87, Uint8Array.of(1), cipher.encrypt(counter, pad(data, cipher.blockLength))),
      encodeTlv(0x99, Uint8Array.of(statusWord >> 8, statusWord & 0xff)),
    )
    return { data: concatBytes(body, encodeTlv(0x8e, cipher.mac(concatBytes(counter, body)))), statusWord }
  }

  it('give back what the chip protected, and nothing once a bit is changed', () => {
    fc.assert(
      fc.property(
        channels,
        fc.uint8Array({ maxLength: 300 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (channel, data, at, change) => {
          const sent = wrapCommand(channel, { cla: 0, ins: 0xb0, p1: 0, p2: 0, le: 4 })
          const answer = answerOf(sent.channel, data, 0x9000)
          const opened = unwrapResponse(sent.channel, answer)
          if (!opened.ok) throw new Error(opened.error.type)
          expect(toHex(opened.value.response.data)).toBe(toHex(data))
          const spoilt = answer.data.map((byte, index) => (index === at % answer.data.length ? byte ^ change : byte))
          expect(unwrapResponse(sent.channel, { data: spoilt, statusWord: 0x9000 }).ok).toBe(false)
          expect(unwrapResponse(opened.value.channel, answer).ok).toBe(false)
        },
      ),
      { seed: 9303, numRuns: 200 },
    )
  })

  it('take any bytes without throwing', () => {
    fc.assert(
      fc.property(channels, fc.uint8Array({ maxLength: 300, minLength: 1 }), (channel, data) => {
        expect(unwrapResponse(channel, { data, statusWord: 0x9000 }).ok).toBe(false)
      }),
      { seed: 9303, numRuns: 500 },
    )
  })
})

/** The keys are those of Doc 9303-11 appendix G.1; the document gives no APDU under them: these were computed by an implementation apart from this one. */
it('AES-128: the first command after appendix G.1, as another implementation protects it', () => {
  const channel = createAesChannel({
    encryption: fromHex('F5F0E35C0D7161EE6724EE513A0D9A7F'),
    mac: fromHex('FE251C7858B356B24514B3BD5F4297D1'),
  })
  const sent = wrapCommand(channel, { cla: 0, ins: 0xa4, p1: 4, p2: 0x0c, data: fromHex('A0000002471001') })
  expect(toHex(encodeCommand(sent.command))).toBe('0CA4040C1D871101752F676B09FAC86A87D632749A49C7CC8E08C18BA1FCE707BD9F00')
  const answer = unwrapResponse(sent.channel, response('990290008E08BEA7B381C494A0799000'))
  expect(answer.ok && answer.value.response.statusWord).toBe(0x9000)
})
