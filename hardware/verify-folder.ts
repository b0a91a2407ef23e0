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

/** Longer than any data group that fits a chip. */
const maxFileBytes = 16 << 20

/** 'EF_COM.bin', 'EF.SOD.bin', 'sod.der', 'DG1.bin', 'ef_dg01', 'DataGroup13.dat' to 'com', 'sod', 'dg1'...; undefined for others. */
export const groupOfFileName = (fileName: string): string | undefined => {
  const plain = fileName
    .toLowerCase()
    .replace(/\.(?:bin|dat|der|ber|raw|ef|hex|asn1|tlv)$/, '')
    .replaceAll(/[^a-z0-9]/g, '')
    .replace(/^ef/, '')
  if (plain === 'com' || plain === 'sod' || plain === 'cardaccess') return plain
  const number = /^(?:dg|datagroup)0?(1[0-6]|[1-9])$/.exec(plain)?.[1]
  return number === undefined ? undefined : `dg${number}`
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
  for (const file of readdirSync(folder).sort()) {
    const path = join(folder, file)
    const status = statSync(path)
    const group = status.isFile() ? groupOfFileName(file) : undefined
    if (group === undefined) otherFiles.push(file)
    else if (files.has(group)) problems.push(`${file}: ${group} is there already, as ${groups[group]?.file}`)
    else if (status.size > maxFileBytes) problems.push(`${file}: more than ${maxFileBytes} bytes`)
    else if (status.size === 0) problems.push(`${file}: empty`)
    else {
      const bytes = Uint8Array.from(readFileSync(path))
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
