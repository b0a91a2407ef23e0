/**
 * EF.SOD (Doc 9303-10 section 4.6.2): CMS SignedData around the LDS security object, version 0 (LDS 1.7) or 1 (LDS 1.8, with the
 * version besides the hashes).
 *
 * Invariants: any bytes give a Result; padding behind the file is left alone. Nothing is verified here.
 */
import { err, ok, type Result } from '../../../contracts/result.ts'
import { algorithmOf } from '../asn1/algorithm-identifier.ts'
import {
  type Asn1Failure,
  asn1Tag,
  childrenOf,
  enter,
  insideOf,
  malformed,
  octetsOf,
  parsing,
  readElement,
  smallInteger,
  stringOf,
} from '../asn1/asn1.ts'
import { parseSignedData, type SignedData } from '../cms/signed-data.ts'
import { type HashName, hashOfOid } from '../signatures/hashes.ts'

export type SecurityObject = {
  readonly version: number
  /** Absent where the algorithm is not known; then no group can be compared. */
  readonly hashName: HashName | undefined
  readonly hashOid: string
  /** 'dg1'..'dg16' to the hash of the whole group. */
  readonly hashes: ReadonlyMap<string, Uint8Array>
  readonly ldsVersion: string | undefined
  readonly signedData: SignedData
}

/** id-icao-mrtd-security-ldsSecurityObject, and what some wrote before it was fixed. */
const contentTypes: readonly string[] = ['2.23.136.1.1.1', '1.3.27.1.1.1', '1.2.528.1.1006.1.20.1']

const sodTag = 0x77

export const parseSecurityObject = (file: Uint8Array): Result<SecurityObject, Asn1Failure> => {
  const inner = parsing(() => {
    const outer = readElement(file)
    return outer.tag === sodTag ? insideOf(outer, 'EF.SOD').raw : outer.raw
  })
  if (!inner.ok) return inner
  const signedData = parseSignedData(inner.value)
  if (!signedData.ok) return signedData
  if (!contentTypes.includes(signedData.value.contentType))
    return err({ type: 'asn1-malformed', detail: `EF.SOD: content type ${signedData.value.contentType}` })
  const parsed = parsing(() => {
    const parts = enter(readElement(signedData.value.content), asn1Tag.sequence, 'LDSSecurityObject')
    const version = smallInteger(parts.take(asn1Tag.integer, 'version'))
    const hashOid = algorithmOf(parts.take(asn1Tag.sequence, 'hashAlgorithm')).oid
    const hashes = new Map<string, Uint8Array>()
    for (const each of childrenOf(parts.take(asn1Tag.sequence, 'dataGroupHashValues'))) {
      const pair = enter(each, asn1Tag.sequence, 'DataGroupHash')
      const name = `dg${smallInteger(pair.take(asn1Tag.integer, 'dataGroupNumber'))}`
      if (hashes.has(name)) return malformed(`${name} hashed twice`)
      hashes.set(name, octetsOf(pair.any('dataGroupHashValue')))
    }
    const versionInfo = parts.optional(asn1Tag.sequence)
    const ldsVersion = versionInfo === undefined ? undefined : childrenOf(versionInfo).map(stringOf)[0]
    return { version, hashName: hashOfOid(hashOid), hashOid, hashes, ldsVersion }
  })
  return parsed.ok ? ok({ ...parsed.value, signedData: signedData.value }) : parsed
}
