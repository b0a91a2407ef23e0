/**
 * EF.CardAccess: which PACE variants a chip offers (Doc 9303-11 section 9.2: SecurityInfos, PACEInfo, object identifiers; the file
 * itself section 9.2.11).
 *
 * Invariants: any bytes give a Result. What is not a PACEInfo is passed over, what follows the set is file padding.
 */
import { err, ok, type Result } from '../../../contracts/result.ts'
import { decodeTlv, decodeTlvList } from '../tlv/tlv.ts'

export type PaceCipher = '3des' | 'aes-128' | 'aes-192' | 'aes-256'
export type PaceInfo = {
  /** Value of the object identifier, as the chip wrote it. */
  readonly protocol: Uint8Array
  readonly agreement: 'dh' | 'ecdh'
  readonly mapping: 'generic' | 'integrated' | 'chip-authentication'
  readonly cipher: PaceCipher
  readonly version: number
  /** Standardized domain parameters (section 9.5.1, table 12); absent = explicit ones stand elsewhere in the file. */
  readonly parameterId: number | undefined
}
export type CardAccessFailure = { type: 'card-access-malformed' }

/** 0.4.0.127.0.7.2.2.4, then mapping and agreement, then cipher. */
const paceArc = [0x04, 0x00, 0x7f, 0x00, 0x07, 0x02, 0x02, 0x04]
const variants: Readonly<Record<number, Pick<PaceInfo, 'agreement' | 'mapping'>>> = {
  1: { agreement: 'dh', mapping: 'generic' },
  2: { agreement: 'ecdh', mapping: 'generic' },
  3: { agreement: 'dh', mapping: 'integrated' },
  4: { agreement: 'ecdh', mapping: 'integrated' },
  6: { agreement: 'ecdh', mapping: 'chip-authentication' },
}
const ciphers: Readonly<Record<number, PaceCipher>> = { 1: '3des', 2: 'aes-128', 3: 'aes-192', 4: 'aes-256' }

const smallInteger = (value: Uint8Array): number | undefined => {
  const [first, second] = value
  if (first === undefined || first > 0x7f || value.length > 2) return undefined
  return second === undefined ? first : first * 256 + second
}

export const parseCardAccess = (bytes: Uint8Array): Result<PaceInfo[], CardAccessFailure> => {
  const malformed = err({ type: 'card-access-malformed' })
  const set = decodeTlv(bytes)
  if (!set.ok || set.value.tlv.tag !== 0x31) return malformed
  const infos = decodeTlvList(set.value.tlv.value)
  if (!infos.ok) return malformed
  const offered: PaceInfo[] = []
  for (const info of infos.value) {
    const parts = info.tag === 0x30 ? decodeTlvList(info.value) : undefined
    if (!parts?.ok) return malformed
    const [oid, required, optional] = parts.value
    if (oid === undefined || oid.tag !== 0x06) return malformed
    if (oid.value.length !== paceArc.length + 2 || paceArc.some((byte, at) => oid.value[at] !== byte)) continue
    const variant = variants[oid.value[8] ?? 0]
    const cipher = ciphers[oid.value[9] ?? 0]
    const version = required?.tag === 0x02 ? smallInteger(required.value) : undefined
    if (variant === undefined || cipher === undefined || version === undefined) continue
    const parameterId = optional?.tag === 0x02 ? smallInteger(optional.value) : undefined
    offered.push({ protocol: Uint8Array.from(oid.value), ...variant, cipher, version, parameterId })
  }
  return ok(offered)
}
