/**
 * Cards at the command line, over the system's PC/SC service:
 *
 *     npm run card -- list [--json]
 *     npm run card -- read --number N [--birth-date D] [--issue-date D] [--expiry-date D] [OPTIONS]     (D = YYYY-MM-DD)
 *     npm run card -- read --can N [--mrz LINES] [OPTIONS]
 *     npm run card -- read --mrz LINES [OPTIONS]                       (the lines one after the other, with or without line breaks)
 *     npm run card -- read --document-number N --birth-date YYMMDD --expiry-date YYMMDD [OPTIONS]
 *     OPTIONS: [--groups dg1,dg2,dg13] [--reader NAME] [--wait SECONDS] [--json]
 *     npm run card -- simulate --specimen N [--port 35963] [--fault NAME[:ARGUMENT]+...]
 *     npm run card -- verify | trust | specimen-files ...               (`proof-commands.ts`)
 *
 * Invariants: a failure is one named error on standard error (with --json on standard output as {"error":{...}}) and exit code 1;
 * a command that is not understood exits 2. What is printed of a person is what was asked for, and nowhere else.
 */

import { parseArgs } from 'node:util'
import { type CardAccess, type CardFailure, type CardReadRequest, DataGroupName } from '../contracts/card.ts'
import { cardFailureCatalogue } from '../contracts/card-failure-catalogue.ts'
import { createPcscCardReader } from './drivers/pcsc-card-reader.ts'
import { importCommand, listCommand, verifyCommand, writeSpecimenFiles } from './proof-commands.ts'
import { parseMrz } from './protocols/mrz/mrz.ts'
import { noTrust } from './protocols/passive-authentication/trust-anchors.ts'
import { chipFaultNames, chipFaultOf } from './simulators/chip/chip-fault-words.ts'
import { type ChipFault, createSimulatedChip } from './simulators/chip/simulated-chip.ts'
import { canOf, mrzAccessOf, type Specimen, specimens } from './simulators/specimens.ts'
import { defaultVpcdPort, insertVpcdCard } from './simulators/vpcd-card.ts'
import { loadTrust } from './trust-store/trust-folder.ts'

const usage = `npm run card -- list [--json]
npm run card -- read --number N [--birth-date D] [--issue-date D] [--expiry-date D] [OPTIONS]     (D = YYYY-MM-DD)
npm run card -- read --can N [--mrz LINES] [OPTIONS]
npm run card -- read --mrz LINES [OPTIONS]
npm run card -- read --document-number N --birth-date YYMMDD --expiry-date YYMMDD [OPTIONS]
    OPTIONS: [--groups dg1,dg2,dg13] [--reader NAME] [--wait SECONDS] [--trust FOLDER] [--json]
npm run card -- simulate --specimen 1..${specimens.length} [--port ${defaultVpcdPort}] [--fault FAULT+FAULT...]
    FAULT: ${chipFaultNames.join(', ')}; a count (removed-after:6) or a signer (signed-by:expired) follows a colon
npm run card -- verify --dir FOLDER [--trust FOLDER] [--at DATE] [--training] [--json]
    exit code 0 = genuine, 1 = not genuine, 3 = genuine but the CA is unknown, 4 = not checked
npm run card -- trust import FOLDER FILE... | trust list FOLDER [--json]
npm run card -- specimen-files --dir FOLDER [--specimen 1..${specimens.length}]`

class UsageError extends Error {}

const print = (line: string): void => void process.stdout.write(`${line}\n`)

const fail = (failure: CardFailure, json: boolean): number => {
  const { code, title, whatHappened, whatToDo } = cardFailureCatalogue[failure.type]
  if (json) print(JSON.stringify({ error: { ...failure, code } }))
  else
    process.stderr.write(
      `${failure.type} (${code}): ${title.vi}. ${whatHappened.vi.replace(' ({number})', '')} ${whatToDo.vi}\n${failure.detail}\n`,
    )
  return 1
}

const list = async (json: boolean): Promise<number> => {
  const reader = createPcscCardReader()
  try {
    const readers = await reader.listReaders()
    if (!readers.ok) return fail(readers.error, json)
    if (readers.value.length === 0)
      return fail({ type: 'no-reader', detail: 'the card service knows no reader', retry: true }, json)
    if (json) print(JSON.stringify({ readers: readers.value }))
    else for (const { name, cardPresent } of readers.value) print(`${name}: ${cardPresent ? 'card' : 'no card'}`)
    return 0
  } finally {
    await reader.close()
  }
}

type Values = Record<string, string | boolean | undefined>

const textOf = (values: Values, name: string): string => {
  const value = values[name]
  if (typeof value !== 'string' || value === '') throw new UsageError(`--${name} is missing`)
  return value
}

const mrzOf = (values: Values) => {
  const key = (documentNumber: string, birthDate: string, expiryDate: string) => ({ documentNumber, birthDate, expiryDate })
  if (values.mrz === undefined)
    return key(textOf(values, 'document-number'), textOf(values, 'birth-date'), textOf(values, 'expiry-date'))
  const parsed = parseMrz(textOf(values, 'mrz').replaceAll(/\s/g, '').toUpperCase())
  if (!parsed.ok) {
    const { error } = parsed
    throw new UsageError(`--mrz: ${error.type === 'mrz-malformed' ? error.detail : `check digits of ${error.checks.join(', ')}`}`)
  }
  return key(parsed.value.documentNumber, parsed.value.birthDate, parsed.value.expiryDate)
}

const accessOf = (values: Values): CardAccess => {
  if (values.number !== undefined) {
    const date = (name: string) => (values[name] === undefined ? undefined : textOf(values, name))
    const [birthDate, issueDate, expiryDate] = [date('birth-date'), date('issue-date'), date('expiry-date')]
    return {
      type: 'number',
      personalNumber: textOf(values, 'number'),
      ...(birthDate === undefined ? {} : { birthDate }),
      ...(issueDate === undefined ? {} : { issueDate }),
      ...(expiryDate === undefined ? {} : { expiryDate }),
    }
  }
  if (values.can === undefined) return { type: 'mrz', ...mrzOf(values) }
  const mrzGiven = ['mrz', 'document-number', 'birth-date', 'expiry-date'].some((name) => values[name] !== undefined)
  return { type: 'can', can: textOf(values, 'can'), ...(mrzGiven ? { mrz: mrzOf(values) } : {}) }
}

const groupsOf = (values: Values): DataGroupName[] =>
  textOf(values, 'groups')
    .split(',')
    .map((name) => {
      const group = DataGroupName.safeParse(name.trim().toLowerCase())
      if (!group.success) throw new UsageError(`--groups takes ${DataGroupName.options.join(', ')}`)
      return group.data
    })

const read = async (values: Values, json: boolean): Promise<number> => {
  const waitSeconds = values.wait === undefined ? 0 : Number(values.wait)
  if (!(waitSeconds >= 0 && waitSeconds <= 600)) throw new UsageError('--wait takes 0 to 600 seconds')
  const request: CardReadRequest = {
    access: accessOf(values),
    ...(values.groups === undefined ? {} : { groups: groupsOf(values) }),
    ...(values.reader === undefined ? {} : { readerName: textOf(values, 'reader') }),
  }
  const reader = createPcscCardReader({
    limits: { waitForCard: waitSeconds * 1000 },
    trust: values.trust === undefined ? noTrust : loadTrust(textOf(values, 'trust'), values.training === true).trust,
  })
  const controller = new AbortController()
  const onInterrupt = (): void => controller.abort()
  process.once('SIGINT', onInterrupt)
  try {
    const reading = await reader.read(request, {
      signal: controller.signal,
      onProgress({ step, bytesRead, bytesExpected }) {
        if (!json) process.stderr.write(`${step}${bytesExpected > 0 ? ` ${bytesRead}/${bytesExpected}` : ''}\n`)
      },
    })
    if (!reading.ok) return fail(reading.error, json)
    if (json) print(JSON.stringify(reading.value))
    else {
      for (const [key, value] of Object.entries(reading.value.person)) print(`${key}: ${value}`)
      for (const { group, reason } of reading.value.groupsMissing) print(`missing ${group}: ${reason}`)
      for (const finding of reading.value.findings) print(`found: ${JSON.stringify(finding)}`)
      const { accessProtocol, accessFallback } = reading.value
      print(`opened by: ${accessProtocol}${accessFallback === undefined ? '' : ` (${accessFallback})`}`)
      print(`verdict: ${reading.value.proof.verdict.type}${reading.value.specimen ? ', specimen card' : ''}`)
    }
    return 0
  } finally {
    process.removeListener('SIGINT', onInterrupt)
    await reader.close()
  }
}

const faultsOf = (text: string): ChipFault[] =>
  text.split('+').map((each) => {
    const fault = chipFaultOf(each)
    if (fault === undefined) throw new UsageError(`--fault takes ${chipFaultNames.join(', ')}`)
    return fault
  })

const specimenOf = (values: Values): Specimen => {
  const specimen = specimens[Number(values.specimen ?? '1') - 1]
  if (specimen === undefined) throw new UsageError(`--specimen takes 1 to ${specimens.length}`)
  return specimen
}

/** A folder or file that cannot be had is said in one line. */
const withFiles = (command: () => number, json: boolean): number => {
  try {
    return command()
  } catch (error) {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
    if (!(error instanceof Error) || typeof code !== 'string' || !('syscall' in error)) throw error
    if (json) print(JSON.stringify({ error: { type: 'file-unavailable', detail: error.message } }))
    else process.stderr.write(`file-unavailable: ${error.message}\n`)
    return 4
  }
}

const verify = (values: Values, json: boolean): number => {
  const at = values.at === undefined ? new Date() : new Date(textOf(values, 'at'))
  if (Number.isNaN(at.getTime())) throw new UsageError('--at takes a date, YYYY-MM-DD')
  const dir = textOf(values, 'dir')
  const trustFolder = values.trust === undefined ? undefined : textOf(values, 'trust')
  return withFiles(() => verifyCommand({ dir, trust: trustFolder, at, training: values.training === true, json }, print), json)
}

const trust = ([what, folder, ...files]: readonly string[], json: boolean): number => {
  if (folder === undefined) throw new UsageError('trust import FOLDER FILE... or trust list FOLDER')
  if (what === 'list' && files.length === 0) return withFiles(() => listCommand(folder, json, print), json)
  if (what !== 'import' || files.length === 0) throw new UsageError('trust import FOLDER FILE... or trust list FOLDER')
  return withFiles(() => importCommand(folder, files, new Date(), json, print), json)
}

const simulate = async (values: Values): Promise<number> => {
  const specimen = specimenOf(values)
  const port = Number(values.port ?? defaultVpcdPort)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new UsageError('--port takes a port number')
  const chip = createSimulatedChip(specimen, { faults: typeof values.fault === 'string' ? faultsOf(values.fault) : [] })
  try {
    const card = await insertVpcdCard(chip, { port })
    const access = mrzAccessOf(specimen)
    print(`${specimen.fullName} (specimen) lies on the virtual reader at port ${port}; Ctrl+C lifts the card.`)
    print(`--document-number ${access.documentNumber} --birth-date ${access.birthDate} --expiry-date ${access.expiryDate}`)
    print(`--number ${specimen.personalNumber}, --can ${canOf(specimen)}`)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void card.remove())
    await card.removed
    print('The card is off the reader.')
    return 0
  } catch (error) {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
    return fail({ type: 'no-reader', detail: `no virtual reader at port ${port}: ${String(code)}`, retry: true }, false)
  }
}

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      number: { type: 'string' },
      can: { type: 'string' },
      mrz: { type: 'string' },
      groups: { type: 'string' },
      'issue-date': { type: 'string' },
      'document-number': { type: 'string' },
      'birth-date': { type: 'string' },
      'expiry-date': { type: 'string' },
      reader: { type: 'string' },
      wait: { type: 'string' },
      specimen: { type: 'string' },
      port: { type: 'string' },
      fault: { type: 'string' },
      dir: { type: 'string' },
      trust: { type: 'string' },
      at: { type: 'string' },
      training: { type: 'boolean', default: false },
    },
  })
  if (positionals[0] === 'trust') return trust(positionals.slice(1), values.json)
  // A shell gives the lines of an MRZ as words of their own.
  const lines = positionals.slice(1)
  if (values.mrz !== undefined && lines.length > 0 && lines.every((line) => /^[A-Za-z0-9<]{30,44}$/.test(line)))
    values.mrz += positionals.splice(1).join('')
  if (positionals.length !== 1) throw new UsageError('one command is needed')
  if (positionals[0] === 'list') return list(values.json)
  if (positionals[0] === 'read') return read(values, values.json)
  if (positionals[0] === 'simulate') return simulate(values)
  if (positionals[0] === 'verify') return verify(values, values.json)
  if (positionals[0] === 'specimen-files') return writeSpecimenFiles(textOf(values, 'dir'), specimenOf(values), print)
  throw new UsageError(`${positionals[0]} is not a command`)
}

try {
  process.exitCode = await main()
} catch (error) {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
  if (!(error instanceof UsageError) && !(typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS'))) throw error
  const detail = error instanceof Error ? error.message : ''
  if (process.argv.includes('--json')) print(JSON.stringify({ error: { type: 'usage', detail } }))
  process.stderr.write(`usage: ${detail}\n${usage}\n`)
  process.exitCode = 2
}
