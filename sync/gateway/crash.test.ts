import { type ChildProcess, spawn } from 'node:child_process'
import { appendFile, chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PacketAnswer } from '../../contracts/gateway-api.ts'
import { freePort } from '../../tests/fixtures/free-port.ts'
import { enrolSpecimenStation, jpegLike } from './specimen-station.ts'
import { createEnrolmentCode } from './stations/enrolment.ts'
import { openDatabase } from './storage/database.ts'

const program = (name: string) => fileURLToPath(new URL(name, import.meta.url))
let folder: string
const started = new Set<ChildProcess>()

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tram-crash-'))
  await chmod(folder, 0o711)
})
afterAll(async () => {
  for (const child of started) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

/** The real program; resolves when it says that it is ready. */
async function startProgram(
  port: number,
  data: string,
): Promise<{ child: ChildProcess; ended: Promise<number | null>; output: () => string }> {
  const { DATABASE_URL: _unused, ...env } = process.env
  const child = spawn(process.execPath, [program('main.ts'), '--port', String(port), '--data', data, '--mode', 'demo'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  })
  started.add(child)
  let output = ''
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  const ready = new Promise<void>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (output.includes('gateway ready')) resolve()
    })
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  await Promise.race([ready, ended.then((code) => Promise.reject(new Error(`ended with ${code}: ${output}`)))])
  return { child, ended, output: () => output }
}

const postmasterPid = async (data: string) =>
  Number((await readFile(path.join(data, 'postgresql', 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0])
/** A dead process whose parent has not asked for it yet still has a folder in /proc. */
const isRunning = async (pid: number) => {
  const facts = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  return facts !== undefined && !/\) [ZX] /.test(facts)
}

describe('the gateway killed', () => {
  it('in mid-upload loses no acknowledged byte, and its successor goes on there and finishes once', async () => {
    const data = path.join(folder, 'mid-upload')
    const port = await freePort()
    const first = await startProgram(port, data)
    const url = `http://127.0.0.1:${port}`
    const database = openDatabase(await readFile(path.join(data, 'database-url'), 'utf8'), () => undefined)
    const { code } = await createEnrolmentCode(database, { pointName: 'Điểm mẫu', stationName: 'Quầy mẫu', demo: true })
    await database.destroy()
    const station = await enrolSpecimenStation(url, code, true)
    const sealed = await station.seal({ plain: jpegLike(900_000) })
    const [file] = sealed.files
    if (file === undefined) throw new Error('no attachment')
    const { attachmentId } = file.facts
    expect((await station.put(sealed.packetId, sealed.packet)).status).toBe(200)
    expect((await station.create(sealed.packetId, file)).status).toBe(201)
    const acknowledged = await station.patch(sealed.packetId, attachmentId, 0, file.sealed.slice(0, 300_000))
    expect(acknowledged.headers.get('upload-offset')).toBe('300000')
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(file.sealed.slice(300_000, 400_000)),
    })
    const underWay = station
      .call(`/v1/attachments/${sealed.packetId}.${attachmentId}`, {
        method: 'PATCH',
        headers: { 'tus-resumable': '1.0.0', 'upload-offset': '300000', 'content-type': 'application/offset+octet-stream' },
        body,
        duplex: 'half',
      })
      .catch((error: unknown) => error)
    await new Promise((resolve) => setTimeout(resolve, 200))
    first.child.kill('SIGKILL')
    await first.ended
    expect(await underWay).toBeInstanceOf(Error)

    const second = await startProgram(port, data)
    const offset = await station.offsetOf(sealed.packetId, attachmentId)
    expect(offset).toBeGreaterThanOrEqual(300_000)
    expect(offset).toBeLessThanOrEqual(400_000)
    expect((await station.patch(sealed.packetId, attachmentId, offset, file.sealed.slice(offset))).status).toBe(204)
    const answer = PacketAnswer.parse(await (await station.put(sealed.packetId, sealed.packet)).json())
    expect(['received', 'accepted']).toContain(answer.state)
    expect(answer.receipt).toBeDefined()

    const other = await station.seal()
    const [halfOpen] = other.files
    await station.put(other.packetId, other.packet)
    if (halfOpen !== undefined) await station.create(other.packetId, halfOpen)
    const held = station
      .call(`/v1/attachments/${other.packetId}.${halfOpen?.facts.attachmentId}`, {
        method: 'PATCH',
        headers: { 'tus-resumable': '1.0.0', 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
        body: new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(new Uint8Array(100)) }),
        duplex: 'half',
      })
      .catch(() => undefined)
    const polled = station.call('/v1/updates?after=1000&wait=25')
    await new Promise((resolve) => setTimeout(resolve, 200))
    const pid = await postmasterPid(data)
    const stoppedAt = Date.now()
    second.child.kill('SIGTERM')
    expect((await polled).status).toBe(200)
    await held
    expect(await second.ended).toBe(0)
    expect(Date.now() - stoppedAt).toBeLessThan(15_000)
    expect(await isRunning(pid)).toBe(false)
    for (const secret of [code, 'NGUYỄN', sealed.dossier.helper.name])
      expect(first.output() + second.output()).not.toContain(secret)
  })

  it('leaves no PostgreSQL that a new start would not get over, and a second gateway is refused', async () => {
    const data = path.join(folder, 'left-over')
    const port = await freePort()
    const first = await startProgram(port, data)
    await expect(startProgram(await freePort(), data)).rejects.toThrow(/Another gateway/)
    const pid = await postmasterPid(data)
    first.child.kill('SIGKILL')
    await first.ended
    const second = await startProgram(port, data)
    expect(await isRunning(pid)).toBe(false)
    expect((await fetch(`http://127.0.0.1:${port}/v1/health`)).status).toBe(200)
    const enrolCode = spawn(process.execPath, [
      program('enrol-code.ts'),
      '--data',
      data,
      '--point',
      'Bưu điện Mẫu',
      '--station',
      'Quầy 2',
      '--demo',
    ])
    let printed = ''
    enrolCode.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
    })
    expect(await new Promise((resolve) => enrolCode.once('exit', resolve))).toBe(0)
    const station = await enrolSpecimenStation(`http://127.0.0.1:${port}`, printed.split('\n')[0] ?? '', true)
    expect(station.enrolment).toMatchObject({ pointName: 'Bưu điện Mẫu', stationName: 'Quầy 2', demo: true })
    second.child.kill('SIGINT')
    expect(await second.ended).toBe(0)
  })

  it('between the last byte and the receipt finishes the packet at its next start', async () => {
    const data = path.join(folder, 'unfinished')
    const port = await freePort()
    const first = await startProgram(port, data)
    const database = openDatabase(await readFile(path.join(data, 'database-url'), 'utf8'), () => undefined)
    const { code } = await createEnrolmentCode(database, { pointName: 'Điểm mẫu', stationName: 'Quầy mẫu', demo: true })
    await database.destroy()
    const station = await enrolSpecimenStation(`http://127.0.0.1:${port}`, code, true)
    const sealed = await station.seal()
    const [file] = sealed.files
    if (file === undefined) throw new Error('no attachment')
    await station.put(sealed.packetId, sealed.packet)
    await station.create(sealed.packetId, file)
    await station.patch(sealed.packetId, file.facts.attachmentId, 0, file.sealed.slice(0, -1))
    first.child.kill('SIGKILL')
    await first.ended
    // The last byte reached the disk, its acknowledgement and the check did not happen.
    const uploadId = `${sealed.packetId}.${file.facts.attachmentId}`
    await appendFile(path.join(data, 'attachments', uploadId.slice(0, 2), uploadId), file.sealed.slice(-1))
    const second = await startProgram(port, data)
    const answer = PacketAnswer.parse(await (await station.call(`/v1/packets/${sealed.packetId}`)).json())
    expect(answer.receipt).toBeDefined()
    second.child.kill('SIGTERM')
    expect(await second.ended).toBe(0)
  })
})
