/**
 * The command line's part about proof:
 *
 *     npm run card -- verify --dir FOLDER [--trust FOLDER] [--at DATE] [--training] [--json]
 *     npm run card -- trust import FOLDER FILE... [--json]
 *     npm run card -- trust list FOLDER [--json]
 *     npm run card -- specimen-files --dir FOLDER [--specimen N]
 *
 * Exit codes of `verify`: 0 genuine, 1 not genuine, 3 genuine but the CA is unknown, 4 not checked.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProofCheck } from '../contracts/card-proof.ts'
import { noTrust } from './protocols/passive-authentication/trust-anchors.ts'
import { chipFiles } from './simulators/chip/chip-files.ts'
import { specimenTrust } from './simulators/specimen-pki/specimen-authorities.ts'
import type { Specimen } from './simulators/specimens.ts'
import { importTrust, listTrust, loadTrust } from './trust-store/trust-folder.ts'
import { verifyFolder } from './verify-folder.ts'

type Print = (line: string) => void

const exitCodes: Readonly<Record<string, number>> = { genuine: 0, 'not-genuine': 1, 'genuine-ca-unknown': 3, 'not-checked': 4 }

const lineOf = ({ check, group, outcome, reason, detail }: ProofCheck): string =>
  `${outcome === 'passed' ? '+' : outcome === 'failed' ? 'x' : '?'} ${check}${group === undefined ? '' : ` ${group}`}: ${outcome}${reason === undefined ? '' : `, ${reason}`}${detail === undefined ? '' : ` (${detail})`}`

export const verifyCommand = (
  wish: { dir: string; trust: string | undefined; at: Date; training: boolean; json: boolean },
  print: Print,
): number => {
  const { trust, problems } = wish.trust === undefined ? { trust: noTrust, problems: [] } : loadTrust(wish.trust, wish.training)
  const report = verifyFolder(wish.dir, trust, wish.at)
  const { verdict } = report.proof
  if (wish.json)
    print(
      JSON.stringify({
        ...report,
        at: wish.at.toISOString(),
        trust: { certificates: trust.certificates.length, revocationLists: trust.revocationLists.length, problems },
      }),
    )
  else {
    for (const [name, group] of Object.entries(report.groups)) {
      const { file, bytes, sha256: _sha256, ...rest } = group
      print(`${name} (${file}, ${bytes} bytes): ${JSON.stringify(rest)}`)
    }
    for (const name of report.missing) print(`missing: ${name}`)
    for (const name of report.otherFiles) print(`not looked at: ${name}`)
    for (const problem of [...report.problems, ...problems.map(({ file, problem }) => `${file}: ${problem}`)])
      print(`problem: ${problem}`)
    for (const check of report.proof.checks) print(lineOf(check))
    for (const finding of report.findings) print(`found: ${JSON.stringify(finding)}`)
    print(`verdict: ${JSON.stringify(verdict)}`)
  }
  return exitCodes[verdict.type] ?? 4
}

export const importCommand = (folder: string, files: readonly string[], now: Date, json: boolean, print: Print): number => {
  const reports = files.map((file) => importTrust(folder, file, now))
  if (json) print(JSON.stringify({ imported: reports }))
  else
    for (const report of reports) {
      print(
        `${report.file}: ${report.added} added, ${report.alreadyThere} there before, ${report.refused} refused, ${report.revocationLists} revocation lists`,
      )
      for (const { signer, certificates, publisherTrusted, publisherFingerprint } of report.masterLists)
        print(
          `  master list of ${certificates} certificates, signature fits, by ${signer}; ${
            publisherTrusted
              ? 'its publisher was trusted before'
              : `its publisher was NOT known before: compare SHA-256 ${publisherFingerprint} with what the publisher tells elsewhere`
          }`,
        )
      for (const problem of report.problems) print(`  problem: ${problem}`)
    }
  return reports.some(({ added, alreadyThere, revocationLists }) => added + alreadyThere + revocationLists === 0) ? 1 : 0
}

export const listCommand = (folder: string, json: boolean, print: Print): number => {
  const { entries, revocationLists, problems } = listTrust(folder)
  const day = (date: Date | undefined): string => date?.toISOString().slice(0, 10) ?? 'without end'
  if (json)
    print(
      JSON.stringify({
        certificates: entries.map(({ certificate, fingerprint, kind, source }) => ({
          country: certificate.subject.country,
          subject: certificate.subject.text,
          kind,
          notBefore: certificate.notBefore.toISOString(),
          notAfter: certificate.notAfter.toISOString(),
          fingerprint,
          source,
        })),
        revocationLists: revocationLists.map(({ issuer, thisUpdate, nextUpdate, revoked }) => ({
          issuer: issuer.text,
          thisUpdate: thisUpdate.toISOString(),
          ...(nextUpdate === undefined ? {} : { nextUpdate: nextUpdate.toISOString() }),
          revoked: revoked.size,
        })),
        problems,
      }),
    )
  else {
    for (const { certificate, fingerprint, kind, source } of entries)
      print(
        `${certificate.subject.country.padEnd(2)} ${kind.padEnd(9)} ${day(certificate.notBefore)} to ${day(certificate.notAfter)}  ${certificate.subject.text}  ${fingerprint.slice(0, 16)}  from ${source}`,
      )
    for (const { issuer, thisUpdate, nextUpdate, revoked } of revocationLists)
      print(`revocation list of ${issuer.text}: ${revoked.size} revoked, ${day(thisUpdate)} to ${day(nextUpdate)}`)
    for (const { file, problem } of problems) print(`problem: ${file}: ${problem}`)
  }
  return 0
}

/** A specimen's files and the authorities that a training station trusts, to try `verify` with. */
export const writeSpecimenFiles = (dir: string, specimen: Specimen, print: Print): number => {
  const names: Readonly<Record<number, string>> = { 286: 'EF_COM', 285: 'EF_SOD' }
  const trust = join(dir, 'trust')
  mkdirSync(trust, { recursive: true })
  for (const [id, bytes] of chipFiles(specimen))
    if (bytes !== 'locked') writeFileSync(join(dir, `${names[id] ?? `DG${id - 0x0100}`}.bin`), bytes)
  const { certificates, revocationLists } = specimenTrust()
  for (const [at, bytes] of certificates.entries()) writeFileSync(join(trust, `specimen-${at + 1}.cer`), bytes)
  for (const bytes of revocationLists) writeFileSync(join(trust, 'specimen.crl'), bytes)
  print(`npm run card -- verify --dir ${dir} --trust ${trust} --training`)
  return 0
}
