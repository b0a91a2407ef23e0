/**
 * `npm run bench:herd [-- --posts N]`: a province's posts come back from one power cut together. Each, at its own moment within the spread
 * after a reconnect, fetches a challenge and a token, puts one sealed dossier and waits for news, obeying Retry-After as the outbox does.
 * Printed: when all were in, how long an answer took, how many were told to come again, and what nobody may be: refused or lost.
 */
import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { SignJWT } from 'jose'
import { ChallengeAnswer, clientAssertionType, TokenAnswer } from '../../contracts/gateway-api.ts'
import { startGatewayProgram } from '../../electron/start/programs.ts'
import { reconnectSpreadMs } from '../../sync/engine/outbox-machine.ts'
import { databaseUrlFile, keysFile } from '../../sync/gateway/gateway.ts'
import { loadKeys } from '../../sync/gateway/keys.ts'
import { makeDeviceKey, specimenStation } from '../../sync/gateway/specimen-station.ts'
import { openDatabase } from '../../sync/gateway/storage/database.ts'
import { freePort } from '../fixtures/free-port.ts'

const posts = Number(parseArgs({ options: { posts: { type: 'string', default: '5000' } } }).values.posts)
const folder = mkdtempSync(join(tmpdir(), 'tram-herd-'))
chmodSync(folder, 0o711)
const dataFolder = join(folder, 'gateway')
const gateway = await startGatewayProgram({ dataFolder, port: await freePort(), mode: 'demo', origins: [] })
const database = openDatabase(readFileSync(databaseUrlFile(dataFolder), 'utf8'), () => undefined)

const waits: number[] = []
let cameAgain = 0
let refused = 0
let beganAgain = 0

/** Asks until it is answered with something else than "come again". */
async function ask(path: string, init?: RequestInit): Promise<Response> {
  for (;;) {
    const began = performance.now()
    const answer = await fetch(`${gateway.url}${path}`, init).catch(() => undefined)
    if (answer !== undefined && answer.status !== 503) {
      waits.push(performance.now() - began)
      if (!answer.ok && answer.status !== 401) refused += 1
      return answer
    }
    cameAgain += 1
    await answer?.body?.cancel()
    const seconds = Number(answer?.headers.get('retry-after') ?? 5)
    await pause(seconds * 1000 + Math.random() * reconnectSpreadMs)
  }
}

type Post = Awaited<ReturnType<typeof prepare>>

async function prepare(keys: Awaited<ReturnType<typeof loadKeys>>) {
  const device = await makeDeviceKey()
  const enrolment = {
    stationId: randomUUID(),
    pointName: 'Bưu điện Mẫu',
    stationName: 'Quầy 1',
    demo: true,
    keys: keys.published,
  }
  const station = specimenStation({ gatewayUrl: gateway.url, enrolment, device, demo: true })
  const sealed = await station.seal()
  return { device, stationId: enrolment.stationId, packetId: sealed.packetId, body: JSON.stringify(sealed.packet) }
}

/** Undefined when the challenge grew old on the way: a kiosk begins again, too. */
async function authenticate({ device, stationId }: Post): Promise<string | undefined> {
  const given = ChallengeAnswer.parse(await (await ask('/v1/challenge')).json())
  const issued = Math.floor(Date.parse(given.time) / 1000)
  const assertion = await new SignJWT({ nonce: given.challenge })
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuer(stationId)
    .setSubject(stationId)
    .setAudience(`${gateway.url}/v1/token`)
    .setJti(randomUUID())
    .setIssuedAt(issued)
    .setExpirationTime(issued + 120)
    .sign(device.privateKey)
  const grant = { grant_type: 'client_credentials', client_assertion_type: clientAssertionType, client_assertion: assertion }
  const token = TokenAnswer.safeParse(await (await ask('/v1/token', { method: 'POST', body: new URLSearchParams(grant) })).json())
  return token.success ? `Bearer ${token.data.access_token}` : undefined
}

async function comeBack(post: Post): Promise<void> {
  const { packetId, body } = post
  let authorization = await authenticate(post)
  for (; authorization === undefined; beganAgain += 1) authorization = await authenticate(post)
  const put = await ask(`/v1/packets/${packetId}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', authorization },
    body,
  })
  await put.body?.cancel()
  const gone = new AbortController()
  waiting.add(gone)
  void fetch(`${gateway.url}/v1/updates?after=0&wait=25`, { headers: { authorization }, signal: gone.signal }).catch(
    () => undefined,
  )
}
const waiting = new Set<AbortController>()

let pass = false
try {
  const keys = await loadKeys(keysFile(dataFolder))
  const all: Post[] = []
  while (all.length < posts) {
    const some = await Promise.all(Array.from({ length: Math.min(100, posts - all.length) }, () => prepare(keys)))
    await database
      .insertInto('stations')
      .values(
        some.map(({ stationId, device }) => ({
          station_id: stationId,
          point_name: 'Bưu điện Mẫu',
          station_name: 'Quầy 1',
          demo: true,
          shell: 'loopback',
          device_key: JSON.stringify(device.publicKey),
          enrolled_at: new Date(),
        })),
      )
      .execute()
    all.push(...some)
  }
  console.log(
    `${posts} posts, each with a dossier of ${Math.round((all[0]?.body.length ?? 0) / 1000)} KB, within ${reconnectSpreadMs / 1000} s`,
  )
  const began = performance.now()
  await Promise.all(all.map(async (post) => pause(Math.random() * reconnectSpreadMs).then(() => comeBack(post))))
  const seconds = (performance.now() - began) / 1000
  const { count } = await database
    .selectFrom('packets')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  waits.sort((a, b) => a - b)
  const at = (share: number) =>
    `${((waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? 0) / 1000).toFixed(1)} s`
  console.log(`all in after ${seconds.toFixed(0)} s (${(posts / seconds).toFixed(0)} posts a second)`)
  console.log(
    `an answer took ${at(0.5)} half, ${at(0.95)} 95 %, ${at(1)} at most; told to come again ${cameAgain} times, with a new challenge ${beganAgain} times`,
  )
  pass = Number(count) === posts && refused === 0
  console.log(`herd-all-in target ${posts} measured ${count} (${refused} refused) ${pass ? 'pass' : 'fail'}`)
} finally {
  for (const gone of waiting) gone.abort()
  await database.destroy()
  await gateway.stop()
  rmSync(folder, { recursive: true, force: true })
}
process.exit(pass ? 0 : 1)
