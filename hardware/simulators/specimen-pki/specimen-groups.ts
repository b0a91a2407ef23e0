/**
 * The specimens' biometric and security groups: DG2 with a drawn face (ISO/IEC 19794-5 in Doc 9303-10 section 4.7.2), DG14 with the
 * hash of Active Authentication beside Chip Authentication, DG15 with a key on a curve or of RSA, and the private key to it.
 */
import { concatBytes } from '../../protocols/bytes/bytes.ts'
import { encodeTlv } from '../../protocols/tlv/tlv.ts'
import type { Specimen } from '../specimens.ts'
import { integer, oid, sequence, set } from './der.ts'
import { drawnFaces } from './drawn-faces.ts'
import { type CurveKey, curveKey, curveOids, type RsaKeyPair, rsaKeyPair } from './specimen-keys.ts'

export type ActiveKey = CurveKey | RsaKeyPair

const madeKeys = new Map<string, ActiveKey>()

const keyOf = (specimen: Specimen, of: string): ActiveKey => {
  const name = `active ${specimen.personalNumber} ${of}`
  const known = madeKeys.get(name)
  if (known !== undefined) return known
  const key = specimen.sex === 'Nam' ? rsaKeyPair(name, 1024) : curveKey(name, curveOids.p256)
  madeKeys.set(name, key)
  return key
}

/** The private key to DG15: on P-256 with SHA-256, or RSA with SHA-1. */
export const specimenActiveKey = (specimen: Specimen): ActiveKey => keyOf(specimen, 'original')

/** Of somebody who copied all files and has not got the key. */
export const copiedActiveKey = (specimen: Specimen): ActiveKey => keyOf(specimen, 'copy')

const number = (value: number, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => Math.floor(value / 256 ** (length - 1 - at)) % 256)

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

export const faceImageOf = (specimen: Specimen): { image: Uint8Array; type: 'jpeg' | 'jpeg2000' } => {
  const drawn = drawnFaces[specimen.personalNumber] ?? drawnFaces['000190000017']
  if (drawn === undefined) throw new Error('no face is drawn')
  return { image: Uint8Array.from(Buffer.from(drawn.base64, 'base64')), type: drawn.type }
}

export const dg2Of = (specimen: Specimen, { image, type } = faceImageOf(specimen)): Uint8Array => {
  const facialInformation = concatBytes(
    number(20 + 12 + image.length, 4),
    number(0, 2),
    Uint8Array.of(specimen.sex === 'Nam' ? 1 : 2, 0, 0),
    number(0, 3 + 2 + 3 + 3),
  )
  const imageInformation = concatBytes(
    Uint8Array.of(1, type === 'jpeg' ? 0 : 1),
    number(420, 2),
    number(560, 2),
    Uint8Array.of(1, 0),
    number(0, 2),
    number(0, 2),
  )
  const record = concatBytes(
    utf8('FAC'),
    Uint8Array.of(0),
    utf8('010'),
    Uint8Array.of(0),
    number(14 + facialInformation.length + imageInformation.length + image.length, 4),
    number(1, 2),
    facialInformation,
    imageInformation,
    image,
  )
  const header = encodeTlv(
    0xa1,
    encodeTlv(0x80, Uint8Array.of(1, 1)),
    encodeTlv(0x81, Uint8Array.of(2)),
    encodeTlv(0x87, Uint8Array.of(1, 1)),
    encodeTlv(0x88, Uint8Array.of(0, 8)),
  )
  const template = encodeTlv(0x7f60, header, encodeTlv(0x5f2e, record))
  return encodeTlv(0x75, encodeTlv(0x7f61, encodeTlv(0x02, Uint8Array.of(1)), template))
}

/** Beside the infos of Chip Authentication: Terminal Authentication as the real cards announce it, the hash of Active Authentication. */
export const dg14Of = (specimen: Specimen, chipAuthenticationInfos: readonly Uint8Array[]): Uint8Array => {
  const infos = [...chipAuthenticationInfos, sequence(oid('0.4.0.127.0.7.2.2.2'), integer(1))]
  // ECDSA plain with SHA-256.
  if (specimenActiveKey(specimen).type === 'curve')
    infos.push(sequence(oid('2.23.136.1.1.5'), integer(1), oid('0.4.0.127.0.7.1.1.4.1.3')))
  return encodeTlv(0x6e, set(...infos))
}

export const dg15Of = (specimen: Specimen): Uint8Array => encodeTlv(0x6f, specimenActiveKey(specimen).publicKeyInfo)
