/**
 * Bytes that a chip, a card's MRZ or a file could hold, thrown at every parser: mutations of valid specimens, and noise.
 *
 * What is asked of each: no throw, no hang, no unbounded memory. An input is told by its number alone, so a failure can be played again.
 */

import {
  chipAuthenticationOf,
  parseChipAuthentication,
} from '../../hardware/protocols/chip-authentication/chip-authentication-infos.ts'
import { parseSignedData } from '../../hardware/protocols/cms/signed-data.ts'
import { parseDg11, parseDg12 } from '../../hardware/protocols/lds/additional-details.ts'
import { parseDg13 } from '../../hardware/protocols/lds/dg13-vietnam.ts'
import { parseDg2, parseDg7 } from '../../hardware/protocols/lds/face-image.ts'
import { parseDg1, parseEfCom } from '../../hardware/protocols/lds/lds.ts'
import { parseDg14, parseDg15 } from '../../hardware/protocols/lds/security-infos.ts'
import { parseSecurityObject } from '../../hardware/protocols/lds/security-object.ts'
import { parseMrz } from '../../hardware/protocols/mrz/mrz.ts'
import { parseCardAccess } from '../../hardware/protocols/pace/card-access.ts'
import { parseMasterList } from '../../hardware/protocols/passive-authentication/master-list.ts'
import { proveFiles } from '../../hardware/protocols/passive-authentication/prove-files.ts'
import { decodeTlvList } from '../../hardware/protocols/tlv/tlv.ts'
import { parseCertificate } from '../../hardware/protocols/x509/certificate.ts'
import { parseRevocationList } from '../../hardware/protocols/x509/revocation-list.ts'
import { usualChipAuthentication } from '../../hardware/simulators/chip/chip-authentication.ts'
import { chipFiles, efCardSecurity } from '../../hardware/simulators/chip/chip-files.ts'
import { specimenTrust } from '../../hardware/simulators/specimen-pki/specimen-authorities.ts'
import { trainingTrust } from '../../hardware/simulators/specimen-pki/training-trust.ts'
import { nguyenThiMau, specimens } from '../../hardware/simulators/specimens.ts'
import { parseCardQr } from '../../procedures/identity/card-qr.ts'

/** xorshift, seeded by the input's number. */
const randomOf = (number: number): ((below: number) => number) => {
  let state = (Math.imul(number + 1, 0x9e3779b1) ^ 0x9303) >>> 0 || 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state % below
  }
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

const parsers: readonly ((bytes: Uint8Array) => unknown)[] = [
  decodeTlvList,
  parseEfCom,
  parseDg1,
  parseDg2,
  parseDg7,
  parseDg11,
  parseDg12,
  parseDg13,
  parseDg14,
  parseDg15,
  parseSecurityObject,
  parseSignedData,
  parseMasterList,
  parseCertificate,
  parseRevocationList,
  parseCardAccess,
  parseChipAuthentication,
  chipAuthenticationOf,
  (bytes) => parseMrz(latin1(bytes)),
  (bytes) => parseCardQr(Buffer.from(bytes).toString('utf8')),
]

/** The face's image itself is no parser's matter: its head is enough. */
const seeds: readonly Uint8Array[] = [
  efCardSecurity(nguyenThiMau, usualChipAuthentication, 'valid'),
  ...specimens.flatMap((specimen) =>
    [...chipFiles(specimen).values()].filter((file) => file !== 'locked').map((file) => file.slice(0, 2_000)),
  ),
  ...specimenTrust().certificates,
  ...specimenTrust().revocationLists,
  Uint8Array.from(
    Buffer.from('P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10', 'latin1'),
  ),
]

const interesting = [0x00, 0x01, 0x1f, 0x30, 0x7f, 0x80, 0x81, 0x82, 0x83, 0x84, 0x88, 0xff]

export const fuzzInput = (number: number): Uint8Array => {
  const random = randomOf(number)
  if (random(10) === 0) return Uint8Array.from({ length: random(300) }, () => random(256))
  const seed = seeds[random(seeds.length)] ?? new Uint8Array()
  const bytes = [...seed]
  for (let change = 1 + random(4); change > 0; change -= 1) {
    const at = random(Math.max(1, bytes.length))
    const kind = random(6)
    if (kind === 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8))
    else if (kind === 1) bytes[at] = interesting[random(interesting.length)] ?? 0
    else if (kind === 2) bytes.length = at
    else if (kind === 3) bytes.splice(at, random(20))
    else if (kind === 4) bytes.splice(at, 0, ...Array.from({ length: random(12) }, () => random(256)))
    else bytes.splice(at, 0, ...bytes.slice(at, at + random(200)))
  }
  return Uint8Array.from(bytes)
}

/** Every parser on one input; now and then the whole proof. Throws what a parser throws, with the input's number. */
export const fuzzOne = (number: number): void => {
  const bytes = fuzzInput(number)
  try {
    for (const parse of parsers) parse(bytes)
    if (number % 50 === 0)
      proveFiles(
        { groups: new Map([['dg1', bytes]]), securityObject: bytes, listed: ['dg1'] },
        {
          trust: trainingTrust(),
          now: new Date('2026-11-22'),
          active: { type: 'not-checked', reason: 'no-chip' },
          chip: { type: 'not-checked', reason: 'no-chip' },
        },
      )
  } catch (error) {
    throw new Error(`input ${number}: ${Buffer.from(bytes).toString('hex').slice(0, 400)}`, { cause: error })
  }
}
