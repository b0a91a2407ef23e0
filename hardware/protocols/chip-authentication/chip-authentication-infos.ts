/**
 * What DG14 says of Chip Authentication: the protocols and the chip's static keys (Doc 9303-11 sections 9.2.5 and 9.2.6, BSI TR-03110-3
 * section A.1.1).
 *
 * Invariants: any bytes give a Result; what is of other protocols is passed over. Keys on other than the standard curves are
 * passed over too.
 */
import { err, ok, type Result } from '../../../contracts/result.ts'
import { equalBytes, toHex } from '../bytes/bytes.ts'
import type { PaceCipher } from '../pace/card-access.ts'
import { curveOfObjectId, curveOfParameterId, curveOfParameters, integerOf } from '../pace/curves.ts'
import { dhGroupOfParameterId } from '../pace/dh-groups.ts'
import { dhOver, ecdhOver, type KeyAgreement } from '../pace/key-agreement.ts'
import { decodeTlv, decodeTlvList, type Tlv } from '../tlv/tlv.ts'

export type ChipAuthenticationKey = {
  readonly agreement: KeyAgreement
  readonly publicKey: Uint8Array
  /** Value of the protocol's object identifier. */
  readonly protocol: Uint8Array
  readonly cipher: PaceCipher
  /** Named only where the chip has several keys. */
  readonly keyId: Uint8Array | undefined
}
export type Dg14Failure = { type: 'dg14-malformed' }

const tags = { integer: 0x02, bitString: 0x03, octetString: 0x04, oid: 0x06, sequence: 0x30, set: 0x31 } as const
/** 0.4.0.127.0.7.2.2.1 and .3: keys and protocols; then 1 = DH, 2 = ECDH; of a protocol then the cipher. */
const keyArc = '04007F0007020201'
const protocolArc = '04007F0007020203'
const ciphers: readonly PaceCipher[] = ['3des', 'aes-128', 'aes-192', 'aes-256']

const children = (object: Tlv | undefined): Tlv[] => {
  const list = object === undefined ? undefined : decodeTlvList(object.value)
  return list?.ok ? list.value : []
}
const ofTag = (object: Tlv | undefined, tag: number): Tlv | undefined => (object?.tag === tag ? object : undefined)

const smallest = 512
/** Larger ones cost a reader more than any chip would ask. */
const largestPrime = 4096 / 8

const ecAgreement = (parameters: Tlv | undefined): KeyAgreement | undefined => {
  if (parameters?.tag === tags.oid) {
    const curve = curveOfObjectId(toHex(parameters.value))
    return curve && ecdhOver(curve)
  }
  // ECParameters { version, FieldID { prime-field, p }, Curve, G, n, h } (BSI TR-03111 section 5.1.1).
  const [, field, , , order] = children(ofTag(parameters, tags.sequence))
  const prime = ofTag(children(field)[1], tags.integer)
  if (prime === undefined || order?.tag !== tags.integer) return undefined
  const curve = curveOfParameters(integerOf(prime.value), integerOf(order.value))
  return curve && ecdhOver(curve)
}

const dhAgreement = (parameters: Tlv | undefined, x942: boolean): KeyAgreement | undefined => {
  const [prime, generator, order] = children(ofTag(parameters, tags.sequence))
  if (prime?.tag !== tags.integer || generator?.tag !== tags.integer) return undefined
  const bytes = prime.value[0] === 0 ? prime.value.subarray(1) : prime.value
  if (bytes.length > largestPrime || bytes.length * 8 < smallest) return undefined
  const [p, g] = [integerOf(bytes), integerOf(generator.value)]
  if (p % 2n === 0n || g <= 1n || g >= p - 1n) return undefined
  const q = x942 && order?.tag === tags.integer ? integerOf(order.value) : undefined
  return dhOver({ name: `${bytes.length * 8}-bit MODP`, prime: p, generator: g, order: q, length: bytes.length })
}

const agreementOf = (algorithm: Tlv | undefined): KeyAgreement | undefined => {
  const [oid, parameters] = children(ofTag(algorithm, tags.sequence))
  switch (oid?.tag === tags.oid ? toHex(oid.value) : '') {
    case '2A8648CE3D0201': // ecPublicKey
      return ecAgreement(parameters)
    case '2A864886F70D010301': // dhKeyAgreement
      return dhAgreement(parameters, false)
    case '2A8648CE3E0201': // dhPublicNumber
      return dhAgreement(parameters, true)
    case '04007F00070102': {
      // standardizedDomainParameters
      const id = ofTag(parameters, tags.integer)?.value
      const parameterId = id?.length === 1 ? id[0] : undefined
      const curve = curveOfParameterId(parameterId)
      const group = dhGroupOfParameterId(parameterId)
      return curve ? ecdhOver(curve) : group && dhOver(group)
    }
    default:
      return undefined
  }
}

const keyOf = (info: readonly Tlv[], kind: 'dh' | 'ecdh') => {
  const [algorithm, key] = children(ofTag(info[1], tags.sequence))
  const agreement = agreementOf(algorithm)
  if (agreement?.kind !== kind || key?.tag !== tags.bitString || key.value[0] !== 0) return undefined
  const bits = key.value.subarray(1)
  // A DH public key stands in the bit string as an INTEGER.
  const number = kind === 'dh' ? decodeTlv(bits) : undefined
  if (number !== undefined && (!number.ok || number.value.tlv.tag !== tags.integer)) return undefined
  const publicKey = number?.ok ? number.value.tlv.value : bits
  return { agreement, publicKey: Uint8Array.from(publicKey), keyId: ofTag(info[2], tags.integer)?.value }
}

const kindOf = (number: number | undefined): 'dh' | 'ecdh' | undefined =>
  number === 1 ? 'dh' : number === 2 ? 'ecdh' : undefined

/** The keys that can be used, in the order in which the chip names the protocols. */
export const parseChipAuthentication = (dg14: Uint8Array): Result<ChipAuthenticationKey[], Dg14Failure> => {
  const outer = decodeTlv(dg14)
  return outer.ok && outer.value.tlv.tag === 0x6e ? chipAuthenticationOf(outer.value.tlv.value) : err({ type: 'dg14-malformed' })
}

/** The same of bare SecurityInfos, as EF.CardSecurity signs them. */
export const chipAuthenticationOf = (securityInfos: Uint8Array): Result<ChipAuthenticationKey[], Dg14Failure> => {
  const malformed = err({ type: 'dg14-malformed' })
  const set = decodeTlv(securityInfos)
  if (!set.ok || set.value.tlv.tag !== tags.set) return malformed
  const infos = decodeTlvList(set.value.tlv.value)
  if (!infos.ok) return malformed

  const keys: (ReturnType<typeof keyOf> & { kind: 'dh' | 'ecdh' })[] = []
  const protocols: { kind: 'dh' | 'ecdh'; protocol: Uint8Array; cipher: PaceCipher; keyId: Uint8Array | undefined }[] = []
  for (const info of infos.value) {
    const parts = children(ofTag(info, tags.sequence))
    const oid = ofTag(parts[0], tags.oid)?.value
    if (oid === undefined || (oid.length !== 9 && oid.length !== 10)) continue
    const arc = toHex(oid.subarray(0, 8))
    const kind = kindOf(oid[8])
    if (kind === undefined) continue
    if (arc === keyArc && oid.length === 9) {
      const key = keyOf(parts, kind)
      if (key !== undefined) keys.push({ ...key, kind })
    }
    const cipher = ciphers[(oid[9] ?? 0) - 1]
    if (arc === protocolArc && oid.length === 10 && cipher !== undefined)
      protocols.push({ kind, protocol: Uint8Array.from(oid), cipher, keyId: ofTag(parts[2], tags.integer)?.value })
  }
  const named = protocols.flatMap(({ kind, protocol, cipher, keyId }) =>
    keys
      .filter((key) => key.kind === kind && (keyId === undefined || (key.keyId !== undefined && equalBytes(key.keyId, keyId))))
      .map((key) => ({ agreement: key.agreement, publicKey: key.publicKey, protocol, cipher, keyId: key.keyId })),
  )
  if (named.length > 0) return ok(named)
  // A key without a protocol is of the first cards: 3DES (BSI TR-03110-3 section A.1.1.2).
  return ok(
    keys.map((key) => ({
      agreement: key.agreement,
      publicKey: key.publicKey,
      protocol: Uint8Array.from([0x04, 0x00, 0x7f, 0x00, 0x07, 0x02, 0x02, 0x03, key.kind === 'dh' ? 1 : 2, 1]),
      cipher: '3des',
      keyId: key.keyId,
    })),
  )
}
