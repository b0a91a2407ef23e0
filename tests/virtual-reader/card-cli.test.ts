/** `npm run card` as a person runs it: against the real pcscd, with a chip laid on by its own `simulate`. */
import { execFile, spawn } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPcscdFixture, type PcscdFixture } from './pcscd-fixture.ts'

let pcscd: PcscdFixture
beforeAll(async () => {
  pcscd = await createPcscdFixture()
})
afterAll(() => pcscd.dispose())

const node = 'node_modules/.bin/node'
const card = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    execFile(node, ['hardware/cli.ts', ...args], { env: { ...process.env, ...pcscd.env } }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr }),
    )
  })

/** Lays a specimen on, as `npm run card -- simulate` does. */
const simulate = async (...args: string[]): Promise<() => Promise<void>> => {
  const child = spawn(node, ['hardware/cli.ts', 'simulate', '--port', String(pcscd.port), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await new Promise<void>((resolve) => child.stdout.once('data', () => resolve()))
  return async () => {
    child.kill('SIGTERM')
    await exited
  }
}

const mrz = ['--document-number', '190000017', '--birth-date', '900514', '--expiry-date', '300514']
/** A read that waits: pcscd sees a new card within half a second. */
const readArgs = (...args: string[]): string[] => ['read', ...mrz, '--reader', pcscd.readerName, '--wait', '3', '--json', ...args]

describe('npm run card', () => {
  it('names an absent card service, in words and in JSON, and fails', async () => {
    const words = await card('list')
    expect(words.code).toBe(1)
    expect(words.stderr).toContain('pcsc-service-unavailable (THE-15)')
    const json = await card('list', '--json')
    expect(json.code).toBe(1)
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { type: 'pcsc-service-unavailable', code: 'THE-15' } })
  })

  it('lists readers and reads a card', async () => {
    await pcscd.start()
    const lift = await simulate('--specimen', '1')
    const reading = await card(...readArgs())
    expect(reading.stderr).toBe('')
    expect(JSON.parse(reading.stdout)).toMatchObject({
      person: { fullName: 'NGUYỄN THỊ MẪU' },
      specimen: true,
      readerName: pcscd.readerName,
    })
    expect(reading.code).toBe(0)
    const byNumber = await card('read', '--number', '000190000017', '--groups', 'dg1', '--json')
    expect(JSON.parse(byNumber.stdout)).toMatchObject({ accessProtocol: 'pace', groupsRead: ['dg1'] })
    const otherNumber = await card('read', '--number', '000190000018', '--json')
    expect(JSON.parse(otherNumber.stdout)).toMatchObject({ error: { type: 'wrong-number', code: 'THE-06' } })
    const listed = await card('list', '--json')
    expect(JSON.parse(listed.stdout)).toMatchObject({
      readers: [{ name: pcscd.readerName, cardPresent: true, simulated: false }, {}],
    })
    const wrong = await card(
      'read',
      '--document-number',
      '190000017',
      '--birth-date',
      '900515',
      '--expiry-date',
      '300514',
      '--json',
    )
    expect(wrong.code).toBe(1)
    expect(JSON.parse(wrong.stdout)).toMatchObject({ error: { type: 'access-denied' } })
    await lift()
  })

  it('names every other failure', async () => {
    const expected: [string[], string][] = [
      [[], 'no-card'],
      [['--fault', 'removed-after:6'], 'card-removed'],
      [['--fault', 'not-an-identity-card'], 'not-an-identity-card'],
      [['--fault', 'garbled-after:4'], 'secure-messaging-failed'],
    ]
    for (const [fault, type] of expected) {
      const lift = fault.length === 0 ? async () => {} : await simulate('--specimen', '1', ...fault)
      const reading = await card(...readArgs())
      expect(JSON.parse(reading.stdout), type).toMatchObject({ error: { type } })
      expect(reading.code).toBe(1)
      await lift()
      await expect.poll(async () => (await card('list')).stdout.includes(': card'), { timeout: 5_000 }).toBe(false)
    }
    const nowhere = await card('read', ...mrz, '--reader', 'Nowhere', '--json')
    expect(JSON.parse(nowhere.stdout)).toMatchObject({ error: { type: 'no-such-reader' } })
    const invalid = await card(
      'read',
      '--document-number',
      '12 345',
      '--birth-date',
      '900514',
      '--expiry-date',
      '300514',
      '--json',
    )
    expect(JSON.parse(invalid.stdout)).toMatchObject({ error: { type: 'invalid-request' } })
  })

  it('exits 2 and shows the usage for what it does not understand', async () => {
    for (const args of [[], ['dance'], ['list', '--bogus'], ['read', '--document-number', '1']]) {
      const refused = await card(...args)
      expect(refused.code).toBe(2)
      expect(refused.stderr).toContain('npm run card -- list')
    }
  })
})
