/**
 * Command and response APDUs, short and extended (ISO/IEC 7816-4 section 5.1), and status words.
 *
 * Invariants: data of at most 65535 bytes, Le 1..65536 (the number of bytes expected, so 256 is written 00). Short form is used
 * whenever it can hold the command. Decoding takes any bytes and gives a Result.
 */
import { err, ok, type Result } from '../../../contracts/result.ts'
import { concatBytes } from '../bytes/bytes.ts'

export type CommandApdu = {
  readonly cla: number
  readonly ins: number
  readonly p1: number
  readonly p2: number
  readonly data?: Uint8Array
  readonly le?: number
}
export type ResponseApdu = { readonly data: Uint8Array; readonly statusWord: number }
export type ApduFailure = { type: 'apdu-malformed'; detail: string }

const malformed = (detail: string): Result<never, ApduFailure> => err({ type: 'apdu-malformed', detail })

export const encodeCommand = (command: CommandApdu): Uint8Array => {
  const data = command.data ?? new Uint8Array()
  const { le } = command
  if (data.length > 65535 || (le !== undefined && (le < 1 || le > 65536))) throw new Error('command out of range')
  const header = Uint8Array.of(command.cla, command.ins, command.p1, command.p2)
  const extended = data.length > 255 || (le !== undefined && le > 256)
  if (!extended) {
    return concatBytes(
      header,
      data.length > 0 ? Uint8Array.of(data.length) : new Uint8Array(),
      data,
      le === undefined ? new Uint8Array() : Uint8Array.of(le & 0xff),
    )
  }
  const lc = data.length > 0 ? Uint8Array.of(0, data.length >> 8, data.length & 0xff) : new Uint8Array()
  const leBytes = le === undefined ? [] : data.length > 0 ? [(le >> 8) & 0xff, le & 0xff] : [0, (le >> 8) & 0xff, le & 0xff]
  return concatBytes(header, lc, data, Uint8Array.from(leBytes))
}

export const decodeCommand = (bytes: Uint8Array): Result<CommandApdu, ApduFailure> => {
  const [cla, ins, p1, p2] = bytes
  if (cla === undefined || ins === undefined || p1 === undefined || p2 === undefined) return malformed('header')
  const header = { cla, ins, p1, p2 }
  const body = bytes.subarray(4)
  const [first, second, third] = body
  if (first === undefined) return ok(header)
  if (body.length === 1) return ok({ ...header, le: first === 0 ? 256 : first })
  if (first !== 0) {
    if (body.length === 1 + first) return ok({ ...header, data: body.slice(1) })
    const last = body[1 + first]
    if (body.length === 2 + first && last !== undefined)
      return ok({ ...header, data: body.slice(1, 1 + first), le: last === 0 ? 256 : last })
    return malformed('short length')
  }
  if (second === undefined || third === undefined) return malformed('extended length')
  const number = second * 256 + third
  if (body.length === 3) return ok({ ...header, le: number === 0 ? 65536 : number })
  if (number === 0) return malformed('extended length of zero')
  const data = body.slice(3, 3 + number)
  if (body.length === 3 + number) return ok({ ...header, data })
  const high = body[3 + number]
  const low = body[4 + number]
  if (body.length === 5 + number && high !== undefined && low !== undefined)
    return ok({ ...header, data, le: high * 256 + low === 0 ? 65536 : high * 256 + low })
  return malformed('extended length')
}

export const encodeResponse = (response: ResponseApdu): Uint8Array =>
  concatBytes(response.data, Uint8Array.of(response.statusWord >> 8, response.statusWord & 0xff))

export const decodeResponse = (bytes: Uint8Array): Result<ResponseApdu, ApduFailure> => {
  const sw1 = bytes[bytes.length - 2]
  const sw2 = bytes[bytes.length - 1]
  if (sw1 === undefined || sw2 === undefined) return malformed('response shorter than a status word')
  return ok({ data: bytes.slice(0, -2), statusWord: sw1 * 256 + sw2 })
}

export const statusText = (statusWord: number): string => statusWord.toString(16).toUpperCase().padStart(4, '0')

/** 63Cx: a counter of further tries (ISO/IEC 7816-4 section 5.6). */
export const triesLeft = (statusWord: number): number | undefined =>
  (statusWord & 0xfff0) === 0x63c0 ? statusWord & 0x0f : undefined

/** ISO/IEC 7816-4 section 5.6, those that readers of travel documents meet. */
export const status = {
  success: 0x9000,
  endOfFile: 0x6282,
  authenticationFailed: 0x6300,
  wrongLength: 0x6700,
  securityNotSatisfied: 0x6982,
  methodBlocked: 0x6983,
  conditionsNotSatisfied: 0x6985,
  secureMessagingMissing: 0x6987,
  secureMessagingIncorrect: 0x6988,
  fileNotFound: 0x6a82,
  wrongParameters: 0x6b00,
  instructionUnknown: 0x6d00,
  classUnknown: 0x6e00,
} as const
