/**
 * DG14 (Doc 9303-10 section 4.7.14): SecurityInfos (Doc 9303-11 section 9.2), what the chip offers beyond BAC and the keys for it; and
 * DG15 (Doc 9303-10 section 4.7.15), the key of Active Authentication.
 *
 * Invariants: any bytes give a Result; an info of a protocol that is not known is named, not dropped.
 */
import { err, type Result } from '../../../contracts/result.ts'
import { type PublicKeyInfo, publicKeyInfoOf } from '../asn1/algorithm-identifier.ts'
import {
  type Asn1Failure,
  asn1Tag,
  type Element,
  enter,
  integerBytes,
  oidOf,
  parsing,
  readElement,
  smallInteger,
} from '../asn1/asn1.ts'
import { toHex } from '../bytes/bytes.ts'

export type ChipKeyCipher = '3des' | 'aes-128' | 'aes-192' | 'aes-256'

export type SecurityInfo =
  | {
      type: 'chip-authentication'
      protocol: string
      agreement: 'dh' | 'ecdh'
      cipher: ChipKeyCipher
      version: number
      /** Hexadecimal; absent = the chip has one key. */
      keyId: string | undefined
    }
  | { type: 'chip-authentication-key'; protocol: string; agreement: 'dh' | 'ecdh'; key: PublicKeyInfo; keyId: string | undefined }
  | { type: 'active-authentication'; protocol: string; version: number; signatureOid: string }
  | { type: 'terminal-authentication'; protocol: string; version: number }
  | { type: 'pace'; protocol: string; version: number; parameterId: number | undefined }
  | { type: 'other'; protocol: string }

const dg14Tag = 0x6e
const dg15Tag = 0x6f
const arcs = {
  chipKey: '0.4.0.127.0.7.2.2.1.',
  terminal: '0.4.0.127.0.7.2.2.2',
  chip: '0.4.0.127.0.7.2.2.3.',
  pace: '0.4.0.127.0.7.2.2.4.',
  active: '2.23.136.1.1.5',
} as const
const ciphers: Readonly<Record<string, ChipKeyCipher>> = { 1: '3des', 2: 'aes-128', 3: 'aes-192', 4: 'aes-256' }

const keyIdOf = (element: Element | undefined): string | undefined =>
  element?.tag === asn1Tag.integer ? toHex(integerBytes(element)) : undefined

const infoOf = (element: Element): SecurityInfo => {
  const parts = enter(element, asn1Tag.sequence, 'SecurityInfo')
  const protocol = oidOf(parts.take(asn1Tag.oid, 'protocol'))
  const required = parts.any('requiredData')
  const [optional] = parts.rest()
  const agreementOf = (digit: string | undefined): 'dh' | 'ecdh' | undefined =>
    digit === '1' ? 'dh' : digit === '2' ? 'ecdh' : undefined
  if (protocol.startsWith(arcs.chipKey)) {
    const agreement = agreementOf(protocol.slice(arcs.chipKey.length))
    if (agreement !== undefined)
      return { type: 'chip-authentication-key', protocol, agreement, key: publicKeyInfoOf(required), keyId: keyIdOf(optional) }
  }
  if (required.tag !== asn1Tag.integer) return { type: 'other', protocol }
  const version = smallInteger(required)
  if (protocol.startsWith(arcs.chip)) {
    const [group, variant = ''] = protocol.slice(arcs.chip.length).split('.')
    const agreement = agreementOf(group)
    const cipher = ciphers[variant]
    if (agreement !== undefined && cipher !== undefined)
      return { type: 'chip-authentication', protocol, agreement, cipher, version, keyId: keyIdOf(optional) }
  }
  if (protocol === arcs.active && optional !== undefined)
    return { type: 'active-authentication', protocol, version, signatureOid: oidOf(optional) }
  if (protocol === arcs.terminal) return { type: 'terminal-authentication', protocol, version }
  if (protocol.startsWith(arcs.pace))
    return {
      type: 'pace',
      protocol,
      version,
      parameterId: optional?.tag === asn1Tag.integer ? smallInteger(optional) : undefined,
    }
  return { type: 'other', protocol }
}

const insideGroup = <T>(file: Uint8Array, tag: number, parse: (contents: Element) => T): Result<T, Asn1Failure> => {
  const outer = parsing(() => readElement(file))
  if (!outer.ok) return outer
  if (outer.value.tag !== tag) return err({ type: 'asn1-malformed', detail: `tag ${outer.value.tag.toString(16)}` })
  return parsing(() => parse(readElement(outer.value.contents)))
}

export const parseDg14 = (file: Uint8Array): Result<SecurityInfo[], Asn1Failure> =>
  insideGroup(file, dg14Tag, (set) => enter(set, asn1Tag.set, 'SecurityInfos').rest().map(infoOf))

export const parseDg15 = (file: Uint8Array): Result<PublicKeyInfo, Asn1Failure> => insideGroup(file, dg15Tag, publicKeyInfoOf)
