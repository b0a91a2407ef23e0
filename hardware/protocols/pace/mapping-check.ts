/**
 * Whether the chip that mapped PACE holds the private key to a static public key (Doc 9303-11 section 4.4.3.5.2): the mapping's public
 * key is the static one, multiplied by what the chip gave.
 *
 * Invariants: pure; only a key on the curve of PACE counts; any bytes give an answer.
 */
import { equalBytes } from '../bytes/bytes.ts'
import { type Curve, curveOfParameterId, decodePoint, encodePoint, integerOf } from './curves.ts'
import type { MappingProof } from './pace.ts'

export const mappingCurve = ({ parameterId }: MappingProof): Curve | undefined => curveOfParameterId(parameterId)

export const isMappedBy = (proof: MappingProof, staticKey: Uint8Array): boolean => {
  const curve = mappingCurve(proof)
  const point = curve && decodePoint(curve, staticKey)
  const factor = integerOf(proof.data)
  if (curve === undefined || point === undefined || factor <= 0n || factor >= curve.order) return false
  return equalBytes(encodePoint(point.multiplyUnsafe(factor)), proof.mappingKey)
}
