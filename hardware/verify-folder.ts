/**
 * A folder of raw EF files, read and proven without a chip: `npm run card -- verify`. For whoever holds files of other documents.
 *
 * Invariants: any files give a report; what is not understood is named, with its reason; nothing is written anywhere.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { CardPerson } from '../contracts/card.ts'
import type { Result } from '../contracts/result.ts'
import { parseDg11, parseDg12 } from './protocols/lds/additional-details.ts'
import { parseDg13 } from './protocols/lds/dg13-vietnam.ts'
import { parseDg2, parseDg7 } from './protocols/lds/face-image.ts'
import { parseDg1, parseEfCom } from './protocols/lds/lds.ts'
import { parseDg14, parseDg15 } from './protocols/lds/security-infos.ts'
import { parseSecurityObject } from './protocols/lds/security-object.ts'
import { parseCardAccess } from './protocols/pace/card-access.ts'
import { fingerprintOf } from './protocols/passive-authentication/passive-authentication.ts'
import { type FilesProof, proveFiles } from './protocols/passive-authentication/prove-files.ts'
import type { TrustAnchors } from './protocols/passive-authentication/trust-anchors.ts'
import { decodeTlvHeader } from './protocols/tlv/tlv.ts'

/** Longer than any data group that fits a chip. */
const maxFileBytes = 16 << 20

/** By file identifier (Doc 9303-10 section 4.6). */
const groupOfFileId = (id: string): string | undefined => {
  if (id === '011e') return 'com'
  if (id === '011d') return 'sod'
  if (id === '011c') return 'cardaccess'
  const number = /^01(0[1-9a-f]|10)$/.exec(id)?.[1]
  return number === undefined ? undefined : `dg${Number.parseInt(number, 16)}`
}

/** 'EF_COM.bin', 'EF.SOD.bin', 'sod.der', 'DG1.bin', 'ef_dg01', 'DataGroup13.dat', '0101' to 'com', 'sod', 'dg1'...; undefined for others. */
export const groupOfFileName = (fileName: string): string | undefined => {
  const plain = fileName
    .toLowerCase()
    .replace(/\.(?:bin|dat|der|ber|raw|ef|hex|txt|b64|asn1|tlv)$/, '')
    .replaceAll(/[^a-z0-9]/g, '')
    .replace(/^ef/, '')
  if (plain === 'com' || plain === 'sod' || plain === 'cardaccess') return plain
  const byId = groupOfFileId(plain)
  if (byId !== undefined) return byId
  const number = /^(?:dg|datagroup)0?(1[0-6]|[1-9])$/.exec(plain)?.[1]
  return number === undefined ? undefined : `dg${number}`
}

/** A group begins with its tag, never with a letter or digit: a file of hexadecimal digits or base64 is written out as such. */
const bytesOf = (file: Uint8Array): Uint8Array => {
  const text = Buffer.from(file).toString('latin1').replaceAll(/\s/g, '')
  if (text.length > 0 && text.length % 2 === 0 && /^[0-9a-f]+$/i.test(text)) return Uint8Array.from(Buffer.from(text, 'hex'))
  const armoured = /^(?:-----BEGIN[A-Z0-9]*-----)?([A-Za-z0-9+/]{16,}={0,2})(?:-----END[A-Z0-9]*-----)?$/.exec(text)?.[1]
  return armoured === undefined ? file : Uint8Array.from(Buffer.from(armoured, 'base64'))
}

/** The bytes, or why there are none. */
const readGroupFile = (path: string): { bytes: Uint8Array } | { problem: string } => {
  try {
    const { size } = statSync(path)
    if (size === 0) return { problem: 'empty' }
    if (size > maxFileBytes) return { problem: `more than ${maxFileBytes} bytes` }
    return { bytes: bytesOf(Uint8Array.from(readFileSync(path))) }
  } catch (error) {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
    if (typeof code !== 'string') throw error
    return { problem: code }
  }
}

type Parsed = { content: unknown } | { error: unknown }

const told = <T>(result: Result<T, { type: string }>, contentOf: (value: T) => unknown = (value) => value): Parsed =>
  result.ok ? { content: contentOf(result.value) } : { error: result.error }

const personFields = [
  'personalNumber',
  'fullName',
  'birthDate',
  'sex',
  'nationality',
  'ethnicity',
  'religion',
  'placeOfOrigin',
  'residence',
  'identifyingMarks',
  'issueDate',
  'expiryDate',
  'fatherName',
  'motherName',
  'spouseName',
  'oldIdentityNumber',
] as const satisfies readonly (keyof CardPerson)[]

const image = ({ image: bytes, ...rest }: { image: Uint8Array; type: string }) => ({ ...rest, bytes: bytes.length })

const parsers: Readonly<Record<string, (file: Uint8Array) => Parsed>> = {
  com: (file) => told(parseEfCom(file)),
  sod: (file) =>
    told(parseSecurityObject(file), ({ version, hashName, hashOid, hashes, ldsVersion, signedData }) => ({
      version,
      hashAlgorithm: hashName ?? hashOid,
      groups: [...hashes.keys()],
      ...(ldsVersion === undefined ? {} : { ldsVersion }),
      signers: signedData.signers.length,
      certificates: signedData.certificates.map(({ subject }) => subject.text),
      ...(signedData.signers[0]?.attributes?.signingTime === undefined
        ? {}
        : { signingTime: signedData.signers[0].attributes.signingTime.toISOString() }),
    })),
  cardaccess: (file) =>
    told(parseCardAccess(file), (infos) => infos.map(({ protocol: _protocol, ...info }) => ({ protocol: 'pace', ...info }))),
  dg1: (file) => told(parseDg1(file)),
  dg2: (file) => told(parseDg2(file), (faces) => ({ faces: faces.map(image) })),
  dg7: (file) => told(parseDg7(file), (signatures) => ({ signatures: signatures.map(image) })),
  dg11: (file) => told(parseDg11(file)),
  dg12: (file) => told(parseDg12(file)),
  dg13: (file) =>
    told(parseDg13(file), ({ person, others }) => ({
      ...person,
      ...(Object.keys(others).length === 0 ? {} : { others }),
      missing: personFields.filter((field) => person[field] === undefined),
    })),
  dg14: (file) =>
    told(parseDg14(file), (infos) =>
      infos.map((info) =>
        info.type === 'chip-authentication-key' ? { ...info, key: { algorithm: info.key.algorithm.oid } } : info,
      ),
    ),
  dg15: (file) => told(parseDg15(file), ({ algorithm }) => ({ algorithm: algorithm.oid })),
}

export type FolderReport = {
  verdict: string
  proof: FilesProof['proof']
  findings: FilesProof['findings']
  /** By group: its file, and its content or why it was not understood. */
  groups: Record<
    string,
    { file: string; bytes: number; sha256: string } & ({ content: unknown } | { error: unknown } | { unparsed: true })
  >
  /** Signed or listed, and not in the folder. */
  missing: string[]
  otherFiles: string[]
  problems: string[]
}

export const verifyFolder = (folder: string, trust: TrustAnchors, now: Date): FolderReport => {
  const files = new Map<string, Uint8Array>()
  const groups: FolderReport['groups'] = {}
  const otherFiles: string[] = []
  const problems: string[] = []
  const entries = readdirSync(folder, { withFileTypes: true }).sort((left, right) => (left.name < right.name ? -1 : 1))
  for (const entry of entries) {
    const file = entry.name
    const group = entry.isDirectory() ? undefined : groupOfFileName(file)
    const read = group === undefined || files.has(group) ? undefined : readGroupFile(join(folder, file))
    if (group === undefined) otherFiles.push(file)
    else if (read === undefined) problems.push(`${file}: ${group} is there already, as ${groups[group]?.file}`)
    else if ('problem' in read) problems.push(`${file}: ${read.problem}`)
    else {
      const { bytes } = read
      const header = decodeTlvHeader(bytes)
      const short = header.ok ? header.value.headerLength + header.value.valueLength - bytes.length : 0
      if (short > 0) problems.push(`${file}: ends ${short} bytes too early`)
      files.set(group, bytes)
      const parse = parsers[group]
      groups[group] = {
        file,
        bytes: bytes.length,
        sha256: fingerprintOf(bytes),
        ...(parse === undefined ? { unparsed: true } : parse(bytes)),
      }
    }
  }
  const com = files.get('com')
  const list = com === undefined ? undefined : parseEfCom(com)
  const sod = files.get('sod')
  const signed = sod === undefined ? undefined : parseSecurityObject(sod)
  const { proof, findings } = proveFiles(
    {
      groups: new Map([...files].filter(([name]) => name.startsWith('dg'))),
      securityObject: sod,
      listed: list?.ok ? list.value.groups : undefined,
    },
    {
      trust,
      now,
      active: { type: 'not-checked', reason: 'no-chip' },
      chip: { type: 'not-checked', reason: 'no-chip' },
    },
  )
  const expected = [...(list?.ok ? list.value.groups : []), ...(signed?.ok ? signed.value.hashes.keys() : [])]
  return {
    verdict: proof.verdict.type,
    proof,
    findings,
    groups,
    missing: [...new Set(expected)].filter((name) => !files.has(name)),
    otherFiles,
    problems,
  }
}
