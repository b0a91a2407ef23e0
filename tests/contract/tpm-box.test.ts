/**
 * The station's secrets in a real TPM 2.0 (swtpm, the reference implementation as a program) through the real tools: what stands on the disk
 * opens with that TPM alone.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createSecretStore, randomSecret, type SecretBox } from '../../electron/station/secret-store.ts'
import { openTpm } from '../../electron/station/tpm-box.ts'

let folder: string
const programs: ChildProcess[] = []
const told: string[] = []

/** A TPM of its own, with its own seeds; the tools' library is pointed at it. */
const startTpm = async (name: string) => {
  const state = path.join(folder, name)
  await mkdir(state)
  const socket = path.join(folder, `${name}.socket`)
  const ways = ['--server', `type=unixio,path=${socket}`, '--ctrl', `type=unixio,path=${socket}.ctrl`]
  const words = ['socket', '--tpm2', '--tpmstate', `dir=${state}`, ...ways, '--flags', 'not-need-init,startup-clear']
  const program = spawn('swtpm', words, { stdio: 'ignore' })
  programs.push(program)
  process.env.TPM2TOOLS_TCTI = `swtpm:path=${socket}`
  for (let tries = 0; tries < 100; tries += 1) {
    const box = await openTpm(folder, (reason) => told.push(reason))
    if (box !== undefined) return { program, box, tcti: process.env.TPM2TOOLS_TCTI }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`the TPM did not answer: ${told.at(-1)}`)
}
const end = (program: ChildProcess) =>
  new Promise<void>((resolve) => {
    if (program.exitCode !== null || program.signalCode !== null) return resolve()
    program.once('exit', () => resolve())
    program.kill('SIGTERM')
  })

let tpm: { program: ChildProcess; box: SecretBox; tcti: string }
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tram-tpm-'))
  tpm = await startTpm('own')
})
afterAll(async () => {
  await Promise.all(programs.map(end))
  await rm(folder, { recursive: true, force: true })
})

it('keeps a secret that the next start of the station opens, and says what protects it', async () => {
  const data = path.join(folder, 'station')
  const made = await (await createSecretStore(data, [tpm.box])).keep('device-secret', randomSecret)
  expect(made.protection).toBe('tpm')
  const onDisk = await readFile(path.join(data, 'device-secret.secret'), 'utf8')
  const { sealed } = JSON.parse(onDisk) as { sealed: string }
  expect(Buffer.from(sealed, 'base64').includes(Buffer.from(made.bytes))).toBe(false)
  expect(sealed).not.toContain(Buffer.from(made.bytes).toString('base64').slice(0, 20))
  const found = await (await createSecretStore(data, [tpm.box])).find('device-secret')
  expect(found && Buffer.from(found.bytes).equals(made.bytes)).toBe(true)
  expect((await readdir(folder)).filter((name) => name.startsWith('.tpm-'))).toEqual([])
})

it('opens with no other TPM, and never makes anew what it cannot open', async () => {
  const data = path.join(folder, 'moved')
  await (await createSecretStore(data, [tpm.box])).keep('device-secret', randomSecret)
  const before = await readFile(path.join(data, 'device-secret.secret'))
  const other = await startTpm('other')
  await expect((await createSecretStore(data, [other.box])).keep('device-secret', randomSecret)).rejects.toThrow(/TPM/)
  await expect((await createSecretStore(data, [])).keep('device-secret', randomSecret)).rejects.toThrow(/TPM/)
  expect(await readFile(path.join(data, 'device-secret.secret'))).toEqual(before)
  process.env.TPM2TOOLS_TCTI = tpm.tcti
  expect((await (await createSecretStore(data, [tpm.box])).find('device-secret'))?.protection).toBe('tpm')
})

it('is not used where it does not answer, and the reason is told', async () => {
  await end(tpm.program)
  told.length = 0
  expect(await openTpm(folder, (reason) => told.push(reason))).toBeUndefined()
  expect(told.join()).toMatch(/tpm2_createprimary/)
  delete process.env.TPM2TOOLS_TCTI
  const quiet = told.length
  expect(await openTpm(folder, (reason) => told.push(reason))).toBeUndefined()
  expect(told).toHaveLength(quiet)
})
