/**
 * The trust store on disk: a folder of certificates and revocation lists, filled by command only, nothing from the network.
 *
 *     XX-<fingerprint>.cer    one certificate, named by its country and the first half of its SHA-256
 *     XX-<fingerprint>.crl    one revocation list, the newest of its issuer
 *     sources.json            where each came from
 *
 * Files put there by hand, whatever their form, are read as well. Invariants: a file is written beside and renamed, so a crash leaves
 * the old or the new; a problem with one file is told and does not keep the others out; subfolders are not entered.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { publisherOf } from '../protocols/passive-authentication/master-list.ts'
import { fingerprintOf } from '../protocols/passive-authentication/passive-authentication.ts'
import {
  isSelfSigned,
  isSpecimenCertificate,
  type TrustAnchors,
  trustAnchors,
} from '../protocols/passive-authentication/trust-anchors.ts'
import type { Certificate } from '../protocols/x509/certificate.ts'
import type { RevocationList } from '../protocols/x509/revocation-list.ts'
import { readTrustFile, type TrustFile } from './trust-file.ts'

/** The largest lists of the ICAO PKD are some 100 MB. */
const maxFileBytes = 256 << 20
const sourcesFile = 'sources.json'

const Sources = z.record(z.string(), z.object({ source: z.string(), importedAt: z.iso.datetime() }))
type Sources = z.infer<typeof Sources>

export type TrustEntry = {
  certificate: Certificate
  fingerprint: string
  /** Anchors are trusted themselves; links and signers as far as they lead to one. */
  kind: 'authority' | 'link' | 'signer'
  source: string
}

export type TrustFolder = {
  entries: TrustEntry[]
  revocationLists: RevocationList[]
  problems: { file: string; problem: string }[]
}

const readSources = (folder: string): Sources => {
  try {
    const parsed = Sources.safeParse(JSON.parse(readFileSync(join(folder, sourcesFile), 'utf8')))
    return parsed.success ? parsed.data : {}
  } catch {
    // Without it the certificates are as good; only their origin is not known.
    return {}
  }
}

const kindOf = (certificate: Certificate): TrustEntry['kind'] =>
  isSelfSigned(certificate)
    ? 'authority'
    : certificate.isCa === true || certificate.signsCertificates === true
      ? 'link'
      : 'signer'

const readOne = (path: string): TrustFile => {
  const problem = (text: string): TrustFile => ({ certificates: [], revocationLists: [], masterLists: [], problems: [text] })
  if (statSync(path).size > maxFileBytes) return problem(`more than ${maxFileBytes} bytes`)
  return readTrustFile(Uint8Array.from(readFileSync(path)))
}

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== sourcesFile && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort()

/** Everything in the folder; kinds are told for listing only, because they cost a signature each. */
const readFolder = (
  folder: string,
): {
  found: { certificate: Certificate; file: string }[]
  revocationLists: RevocationList[]
  problems: TrustFolder['problems']
} => {
  const found = new Map<string, { certificate: Certificate; file: string }>()
  const revocationLists: RevocationList[] = []
  const problems: TrustFolder['problems'] = []
  // One file in a folder's place is read as that.
  const single = statSync(folder).isFile()
  for (const file of single ? [basename(folder)] : filesOf(folder)) {
    const read = readOne(single ? folder : join(folder, file))
    for (const certificate of [...read.certificates, ...read.masterLists.flatMap((list) => list.certificates)])
      found.set(fingerprintOf(certificate.raw), { certificate, file })
    revocationLists.push(...read.revocationLists)
    problems.push(...read.problems.map((problem) => ({ file, problem })))
  }
  return { found: [...found.values()], revocationLists, problems }
}

/** What a station or `verify` trusts. A folder that is not there trusts nobody. */
export const loadTrust = (folder: string, training: boolean): { trust: TrustAnchors; problems: TrustFolder['problems'] } => {
  try {
    const { found, revocationLists, problems } = readFolder(folder)
    return {
      trust: trustAnchors(
        found.map(({ certificate }) => certificate),
        revocationLists,
        training,
      ),
      problems,
    }
  } catch (error) {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
    if (typeof code !== 'string') throw error
    return { trust: trustAnchors([], [], training), problems: [{ file: basename(folder), problem: code }] }
  }
}

export const listTrust = (folder: string): TrustFolder => {
  const sources = readSources(folder)
  const { found, revocationLists, problems } = readFolder(folder)
  const entries = found.map(({ certificate, file }) => {
    const fingerprint = fingerprintOf(certificate.raw)
    return { certificate, fingerprint, kind: kindOf(certificate), source: sources[fingerprint]?.source ?? file }
  })
  entries.sort(
    (left, right) =>
      left.certificate.subject.country.localeCompare(right.certificate.subject.country) ||
      left.certificate.notBefore.getTime() - right.certificate.notBefore.getTime(),
  )
  return { entries, revocationLists, problems }
}

const writeDurably = (path: string, bytes: Uint8Array | string): void => {
  writeFileSync(`${path}.new`, bytes, { mode: 0o644, flush: true })
  renameSync(`${path}.new`, path)
}

export type ImportReport = {
  file: string
  added: number
  alreadyThere: number
  refused: number
  revocationLists: number
  problems: string[]
  /** For each master list: who signed it, and whether that one was trusted before. */
  masterLists: {
    signer: string
    country: string
    certificates: number
    publisherTrusted: boolean
    publisherFingerprint: string
  }[]
}

/** Copies what a file holds into the folder. A master list's signature fits, or nothing of it is taken. */
export const importTrust = (folder: string, path: string, now: Date): ImportReport => {
  mkdirSync(folder, { recursive: true })
  const before = readFolder(folder)
  const known = new Set(before.found.map(({ certificate }) => fingerprintOf(certificate.raw)))
  const trusted = trustAnchors(
    before.found.map(({ certificate }) => certificate),
    before.revocationLists,
    false,
  )
  const sources = readSources(folder)
  const read = readOne(path)
  const report: ImportReport = {
    file: basename(path),
    added: 0,
    alreadyThere: 0,
    refused: 0,
    revocationLists: 0,
    problems: read.problems,
    masterLists: [],
  }

  const take = (certificate: Certificate, source: string): void => {
    const fingerprint = fingerprintOf(certificate.raw)
    if (known.has(fingerprint)) report.alreadyThere += 1
    else if (isSpecimenCertificate(certificate)) {
      report.refused += 1
      report.problems.push('a specimen authority is no authority')
    } else {
      const country = /^[A-Z]{2}$/.test(certificate.subject.country) ? certificate.subject.country : 'XX'
      writeDurably(join(folder, `${country}-${fingerprint.slice(0, 32)}.cer`), certificate.raw)
      sources[fingerprint] = { source, importedAt: now.toISOString() }
      known.add(fingerprint)
      report.added += 1
    }
  }

  for (const certificate of read.certificates) take(certificate, report.file)
  for (const list of read.masterLists) {
    const publisher = publisherOf(list, trusted)
    const issuer = list.beside.find((each) => each.subject.comparable === list.signer.issuer.comparable && each.isCa === true)
    report.masterLists.push({
      signer: list.signer.subject.text,
      country: list.signer.subject.country || list.signer.issuer.country,
      certificates: list.certificates.length,
      publisherTrusted: publisher !== undefined,
      publisherFingerprint: fingerprintOf((publisher ?? issuer ?? list.signer).raw),
    })
    for (const certificate of list.certificates) take(certificate, `${report.file}, signed by ${list.signer.subject.text}`)
  }
  for (const list of read.revocationLists) {
    const newer = before.revocationLists.some(
      (each) => each.issuer.comparable === list.issuer.comparable && each.thisUpdate >= list.thisUpdate,
    )
    if (newer) {
      report.alreadyThere += 1
      continue
    }
    const country = /^[A-Z]{2}$/.test(list.issuer.country) ? list.issuer.country : 'XX'
    const fingerprint = fingerprintOf(new TextEncoder().encode(list.issuer.comparable))
    writeDurably(join(folder, `${country}-${fingerprint.slice(0, 32)}.crl`), list.raw)
    report.revocationLists += 1
  }
  writeDurably(join(folder, sourcesFile), `${JSON.stringify(sources, null, 2)}\n`)
  return report
}
