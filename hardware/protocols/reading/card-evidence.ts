/** What of a reading proves it to somebody who was not there: the signed files as they came, and the chip's signature over a nonce. Pure. */
import type { CardEvidence } from '../../../contracts/card-evidence.ts'
import type { ChipReading } from './read-chip.ts'

const asText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')

/** Undefined without a security object: then nothing is signed. */
export const evidenceOf = ({ raw, activeSignature }: Pick<ChipReading, 'raw' | 'activeSignature'>): CardEvidence | undefined => {
  const [dg1, sod, dg14, dg15] = [raw.get('dg1'), raw.get('sod'), raw.get('dg14'), raw.get('dg15')]
  if (dg1 === undefined || sod === undefined) return undefined
  return {
    dg1: asText(dg1),
    sod: asText(sod),
    ...(dg14 === undefined ? {} : { dg14: asText(dg14) }),
    ...(dg15 === undefined ? {} : { dg15: asText(dg15) }),
    ...(activeSignature?.outcome === 'signed' ? { signature: asText(activeSignature.signature) } : {}),
  }
}
