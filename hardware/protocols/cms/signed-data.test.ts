import { describe, expect, it } from 'vitest'
import { chipFiles } from '../../simulators/chip/chip-files.ts'
import { nguyenThiMau } from '../../simulators/specimens.ts'
import { childrenOf, type Element, readElement } from '../asn1/asn1.ts'
import { concatBytes } from '../bytes/bytes.ts'
import { parseSecurityObject } from '../lds/security-object.ts'
import { verifySigner } from './signed-data.ts'

const file = chipFiles(nguyenThiMau).get(0x011d)
if (file === undefined || file === 'locked') throw new Error('a specimen without a security object')

const verified = (bytes: Uint8Array): string => {
  const parsed = parseSecurityObject(bytes)
  if (!parsed.ok) return parsed.error.detail
  const { signedData } = parsed.value
  const [signer, certificate] = [signedData.signers[0], signedData.certificates[0]]
  if (signer === undefined || certificate === undefined) return 'nobody'
  const answer = verifySigner(signedData, signer, certificate)
  return answer.type
}

/** The same in BER: indefinite lengths outside certificates, octet strings in pieces. */
const inBer = (element: Element, depth = 0): Uint8Array => {
  const mark = new Uint8Array(2)
  if (element.tag === 0x04 && element.contents.length > 100) {
    const pieces = []
    for (let at = 0; at < element.contents.length; at += 50) {
      const piece = element.contents.subarray(at, at + 50)
      pieces.push(concatBytes(Uint8Array.of(0x04, piece.length), piece))
    }
    return concatBytes(Uint8Array.of(0x24, 0x80), ...pieces, mark)
  }
  // A certificate is signed as it stands.
  const certificate = element.tag === 0x30 && depth === 5 && element.contents.length > 300
  if ((element.tag & 0x20) === 0 || certificate) return element.raw
  return concatBytes(Uint8Array.of(element.tag, 0x80), ...childrenOf(element).map((child) => inBer(child, depth + 1)), mark)
}

describe('SignedData', () => {
  it('in DER, with padding behind it, and bare of its EF', () => {
    expect(verified(file)).toBe('fits')
    expect(verified(concatBytes(file, new Uint8Array(100)))).toBe('fits')
    expect(verified(readElement(file).contents)).toBe('fits')
  })

  it('in BER with indefinite lengths and octet strings in pieces', () => {
    const ber = inBer(readElement(file))
    expect(ber.length).toBeGreaterThan(file.length)
    expect(verified(ber)).toBe('fits')
  })

  it('no changed byte leaves it as it was', () => {
    const truth = parseSecurityObject(file)
    if (!truth.ok) throw new Error('a specimen that cannot be read')
    for (let at = 4; at < file.length; at += 17) {
      const changed = file.map((byte, index) => (index === at ? byte ^ 0x10 : byte))
      if (verified(changed) !== 'fits') continue
      // What is not signed: the outer shell and what the certificate says of itself (its own signature covers that).
      const parsed = parseSecurityObject(changed)
      if (!parsed.ok) throw new Error('verified and not parsed')
      expect([...parsed.value.hashes]).toEqual([...truth.value.hashes])
    }
  })
})
