import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../bytes/bytes.ts'
import { decodeResponse, encodeCommand } from '../iso7816/apdu.ts'
import { unwrapResponse, wrapCommand } from './secure-messaging.ts'

const opened = {
  keys: { encryption: fromHex('979EC13B1CBFE9DCD01AB0FED307EAE5'), mac: fromHex('F1CB1F1FB5ADF208806B89DC579DC1F8') },
  sendSequenceCounter: fromHex('887022120C06C226'),
}
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
    let session = opened
    for (const step of steps) {
      const wrapped = wrapCommand(session, step.command)
      expect(toHex(encodeCommand(wrapped.command)), step.clause).toBe(step.apdu)
      const unwrapped = unwrapResponse(wrapped.session, response(step.answer))
      if (!unwrapped.ok) throw new Error(`${step.clause}: ${unwrapped.error.type}`)
      expect(unwrapped.value.authenticated).toBe(true)
      expect(unwrapped.value.response.statusWord).toBe(0x9000)
      expect(toHex(unwrapped.value.response.data), step.clause).toBe(step.data)
      session = unwrapped.value.session
      expect(toHex(session.sendSequenceCounter), step.clause).toBe(step.counterAfter)
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
        expect(unwrapResponse(sent.session, response(toHex(changed))).ok).toBe(false)
      }),
      { seed: 9303, numRuns: 300 },
    )
  })

  it('an answer replayed later in the session', () => {
    const later = wrapCommand(sent.session, first.command)
    expect(unwrapResponse(later.session, response(first.answer))).toEqual({
      ok: false,
      error: { type: 'secure-messaging-mac-wrong' },
    })
  })

  it('success without a MAC; a bare error passes as unauthenticated', () => {
    expect(unwrapResponse(sent.session, { data: new Uint8Array(), statusWord: 0x9000 }).ok).toBe(false)
    const bare = unwrapResponse(sent.session, { data: new Uint8Array(), statusWord: 0x6988 })
    expect(bare.ok && bare.value.authenticated).toBe(false)
  })

  it('any other bytes, without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300, minLength: 1 }), (data) => {
        expect(unwrapResponse(sent.session, { data, statusWord: 0x9000 }).ok).toBe(false)
      }),
      { seed: 9303, numRuns: 500 },
    )
  })
})
