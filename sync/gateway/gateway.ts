/** The composition root: storage, keys, services and HTTP put together, and taken apart again in the opposite order. */
import { existsSync } from 'node:fs'
import { chmod, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { type Logger, pino } from 'pino'
import { z } from 'zod'
import { loadTrust } from '../../hardware/trust-store/trust-folder.ts'
import { catalogue as builtInCatalogue } from '../../procedures/catalogue.ts'
import type { Catalogue } from '../../procedures/documents/catalogue-source.ts'
import { matterOf, todayInVietnam } from '../../procedures/rules/index.ts'
import { SealedFiles, uploadIdOf } from './attachments/sealed-files.ts'
import { verifyAttachment } from './attachments/verification.ts'
import { type CitizenStore, createCitizenStore } from './citizen-store/citizen-store.ts'
import { startKeeping } from './citizen-store/keeping.ts'
import { createStoreDoor } from './citizen-store/open-store.ts'
import { openRecordKeys } from './citizen-store/record-keys.ts'
import { createStoreChallenges } from './citizen-store/store-challenges.ts'
import type { Connector } from './connectors/connector.ts'
import { startDelivery } from './connectors/delivery.ts'
import { createOneStopSimulator } from './connectors/one-stop-simulator.ts'
import { createApp } from './http/app.ts'
import { createDocumentShelf } from './http/catalogue-routes.ts'
import type { Keys } from './keys.ts'
import { openOwnKeys } from './own-keys.ts'
import { createArrivals } from './packets/arrivals.ts'
import { createCompletion } from './packets/completion.ts'
import { createDossierCheck } from './packets/dossier-check.ts'
import { createFeed } from './packets/feed.ts'
import { createIntake } from './packets/intake.ts'
import type { AttachmentFiles } from './packets/intake-ports.ts'
import type { GatewayMode } from './packets/opening.ts'
import { createPacketSeals, createReceiptSigner } from './packets/packet-seals.ts'
import { createPapersInHand } from './packets/papers-in-hand.ts'
import { readRecords } from './packets/records.ts'
import { createAuthentication } from './stations/authentication.ts'
import { createEnrolmentCode, type EnrolmentCode, type EnrolmentCodeRequest, revokeStation } from './stations/enrolment.ts'
import { defaultLeasePolicy, isOperatorRemoved, type LeasePolicy } from './stations/leases.ts'
import { listenForUpdates } from './storage/announcements.ts'
import { type Database, openDatabase } from './storage/database.ts'
import { removeFile, syncFolder, writeSecretFile } from './storage/durable-file.ts'
import { startEmbeddedPostgres } from './storage/embedded-postgres.ts'
import { lockFolder } from './storage/folder-lock.ts'
import { migrate } from './storage/migrations.ts'
import { createPostgresCitizenRecords } from './storage/postgres-citizen-records.ts'
import { createPostgresKeepingQueue } from './storage/postgres-keeping-queue.ts'
import { createPostgresPacketStore } from './storage/postgres-packet-store.ts'
import { resumeTelling } from './storage/telling.ts'
import { systemClock } from './system-clock.ts'

export type GatewayOptions = {
  /** Keys, sealed attachments and, unless `databaseUrl` is given, the database. */
  dataFolder: string
  mode: GatewayMode
  /** 0 takes a free one. */
  port?: number
  /** Address the stations know the gateway by: part of what they sign. Default: http://127.0.0.1:PORT */
  publicUrl?: string
  origins?: readonly string[]
  /** Another PostgreSQL than the gateway's own. */
  databaseUrl?: string
  connector?: (database: Database) => Connector
  /** The procedures whose dossiers are taken. Default: those of this build. */
  catalogue?: Catalogue
  /** How long stations may go without hearing from the gateway, and how long drafts live on them. */
  leasePolicy?: LeasePolicy
  /** How many months what citizens let be kept is kept after their last word; 0 keeps nothing. */
  keepMonths?: number
  /** Certificates of the states whose cards prove that their holders are here. Default: `trust` in the data folder. */
  trustFolder?: string
  logger?: Logger
  onFatal?: (reason: string) => void
}

export type Gateway = {
  url: string
  databaseUrl: string
  database: Database
  createEnrolmentCode(request: EnrolmentCodeRequest): Promise<EnrolmentCode>
  revokeStation(stationId: string): Promise<boolean>
  stop(): Promise<void>
}

/** Written while the gateway runs, so that tools beside it reach its database. */
export const databaseUrlFile = (dataFolder: string): string => path.join(dataFolder, 'database-url')

/** The keys of the citizens' records: in no copy of the database. */
const recordKeysFolder = (dataFolder: string): string => path.join(dataFolder, 'citizen-keys')

export const defaultKeepMonths = 12

/** For the gateway itself and for its desk. */
export const openCitizenStore = async (
  database: Database,
  keys: Keys,
  { dataFolder, months = defaultKeepMonths }: { dataFolder: string; months?: number },
): Promise<CitizenStore> =>
  createCitizenStore({
    records: createPostgresCitizenRecords(database),
    recordKeys: await openRecordKeys(recordKeysFolder(dataFolder), keys),
    hashOf: keys.hashOfCitizen,
    months,
    now: () => new Date(),
  })

export const keysFile = (dataFolder: string): string => path.join(dataFolder, 'keys.json')

/** How soon a running gateway takes over rotated keys. */
const keysRefreshMs = 2_000

/** Also how late a record is erased after its end, at most. */
const keepingEveryMs = 600_000

const stopPatienceMs = 2_000

type Undo = () => Promise<unknown>

export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const logger = options.logger ?? pino({ level: 'warn' })
  const dataFolder = path.resolve(options.dataFolder)
  const undo: Undo[] = []
  const stop = async () => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step()
  }
  try {
    return await start(options, { logger, dataFolder, undo, stop })
  } catch (error) {
    await stop()
    throw error
  }
}

async function makeDataFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return
  await mkdir(folder, { recursive: true })
  // Others may pass through (PostgreSQL's user must, below), but neither list nor, by the files' own modes, read.
  await chmod(folder, 0o711)
}

async function start(
  options: GatewayOptions,
  context: { logger: Logger; dataFolder: string; undo: Undo[]; stop(): Promise<void> },
): Promise<Gateway> {
  const { logger, dataFolder, undo } = context
  const onFatal = options.onFatal ?? ((reason: string) => logger.fatal({ reason }, 'the gateway cannot go on'))
  await makeDataFolder(dataFolder)
  const lock = lockFolder(dataFolder)
  if (!lock.ok) throw new Error('Another gateway uses this data folder')
  undo.push(async () => lock.value.release())

  const databaseUrl = options.databaseUrl ?? (await startOwnPostgres(dataFolder, undo, onFatal))
  let stopping = false
  const database = openDatabase(databaseUrl, (error) => {
    if (!stopping) logger.error({ code: 'code' in error ? error.code : error.name }, 'a database connection was lost')
  })
  undo.push(() => {
    stopping = true
    return database.destroy()
  })
  await migrate(database)
  await writeSecretFile(databaseUrlFile(dataFolder), databaseUrl)
  undo.push(() => removeFile(databaseUrlFile(dataFolder)))

  const attachmentFolder = path.join(dataFolder, 'attachments')
  const keys = await openOwnKeys(database, keysFile(dataFolder), [attachmentFolder, recordKeysFolder(dataFolder)])
  await mkdir(attachmentFolder, { recursive: true, mode: 0o700 })
  await syncFolder(dataFolder)
  const store = createPostgresPacketStore(database)
  const seals = createPacketSeals(keys)
  const sealedFiles = new SealedFiles(attachmentFolder, store.announced)
  await sealedFiles.prepare()
  const files: AttachmentFiles = {
    durableSize: (name) => sealedFiles.durableSize(uploadIdOf(name)),
    write: (name, bytes) => sealedFiles.place(uploadIdOf(name), bytes),
    read: (name) => sealedFiles.read(uploadIdOf(name)),
    remove: (name) => sealedFiles.remove(uploadIdOf(name)),
  }
  const offsetOf = async (packetId: string, attachmentId: string) => (await files.durableSize({ packetId, attachmentId })) ?? 0
  const now = () => new Date()
  const feed = createFeed({
    store,
    offsetOf,
    clock: systemClock,
    resume: (stationId, after) => resumeTelling(database, stationId, after, now()),
  })
  const announcements = await listenForUpdates(databaseUrl, {
    onUpdate: feed.announce,
    onMissed: feed.announceAll,
    onLost: () => logger.warn('updates of other gateways are not heard: waiting reads end without them'),
  })
  undo.push(() => announcements.stop())
  const connector = (options.connector ?? createOneStopSimulator)(database)
  const arrivals = createArrivals(systemClock)
  const delivery = startDelivery({
    isIntakeBusy: arrivals.isBusy,
    store,
    connector,
    clock: systemClock,
    random: Math.random,
    onTrouble: (trouble, detail) => logger.warn(detail, trouble),
    onDelivered: feed.announce,
  })
  undo.push(() => delivery.stop())
  const catalogue = options.catalogue ?? builtInCatalogue
  // A wrong document stops the gateway at its start, not a citizen's dossier.
  catalogue.parseAll()
  const shelf = await createDocumentShelf(catalogue)
  const keepMonths = options.keepMonths ?? defaultKeepMonths
  const citizenStore = await openCitizenStore(database, keys, { dataFolder, months: keepMonths })
  const unopened = await citizenStore.mend()
  if (unopened > 0) logger.error({ unopened }, 'keys of citizens’ records do not open')
  const keeping = startKeeping({
    queue: createPostgresKeepingQueue(database),
    catalogue,
    store: citizenStore,
    now,
    everyMs: keepingEveryMs,
    onTrouble: (what, error) => logger.error({ error: error instanceof Error ? error.name : 'unknown' }, what),
  })
  undo.push(() => keeping.stop())
  const signReceipt = createReceiptSigner(keys)
  const onReceived = (stationId: string) => {
    arrivals.note()
    feed.announce(stationId)
    delivery.wake()
    keeping.wake()
  }
  const completion = createCompletion({
    store,
    seals,
    files,
    verifyAttachment,
    signReceipt,
    now,
    onFinished: onReceived,
    onTrouble: (packetId, error) =>
      logger.error({ packetId, error: error instanceof Error ? error.name : 'unknown' }, 'a stored packet could not be checked'),
  })
  await completion.recover()
  const intake = createIntake({
    store,
    seals,
    files,
    mode: options.mode,
    completion,
    checkDossier: createDossierCheck(catalogue),
    matterOf: (header, dossier) => {
      const procedure = catalogue.find(header.procedureCode, header.procedureVersion)
      const matter = procedure && matterOf(procedure, dossier.answers, { today: todayInVietnam(new Date(header.sealedAt)) })
      return matter === undefined ? undefined : keys.hashOfMatter(matter)
    },
    keepPapers: createPapersInHand({ files, verifyAttachment }),
    signReceipt,
    onReceived,
    offsetOf,
    now,
  })

  const challenges = createStoreChallenges(database, keys, now)
  const door = createStoreDoor({
    records: createPostgresCitizenRecords(database),
    store: citizenStore,
    challenges,
    keys,
    isOperatorRemoved: (stationId, operatorId) => isOperatorRemoved(database, stationId, operatorId),
    trust: loadTrust(options.trustFolder ?? path.join(dataFolder, 'trust'), false).trust,
    mode: options.mode,
    now,
  })

  // The token's audience holds the address, which is only known once there is a port.
  const endpoint = { url: options.publicUrl ?? '' }
  const authentication = createAuthentication({ database, keys, tokenEndpoint: () => `${endpoint.url}/v1/token` })
  const app = await createApp({
    database,
    keys,
    catalogue,
    leasePolicy: {
      ...(options.leasePolicy ?? defaultLeasePolicy),
      ...(keepMonths > 0 ? { keepMonths } : {}),
      catalogue: shelf.list,
    },
    shelf,
    ...(keepMonths > 0 ? { citizenStore: { door, challenges } } : {}),
    authentication,
    intake,
    feed,
    records: (stationId, after) => readRecords({ store, offsetOf }, stationId, after),
    store,
    files: sealedFiles,
    completion,
    logger,
    origins: options.origins ?? [],
  })
  undo.push(async () => {
    // A half-open upload must not hold up the stop: its bytes so far are synced when the connection ends.
    const patience = setTimeout(() => app.server.closeAllConnections(), stopPatienceMs)
    await app.close()
    clearTimeout(patience)
  })
  await app.listen({ host: '127.0.0.1', port: options.port ?? 0 })
  undo.push(() => Promise.resolve(feed.close()))
  const address = z.object({ port: z.number() }).parse(app.server.address())
  const url = (options.publicUrl ?? `http://127.0.0.1:${address.port}`).replace(/\/+$/, '')
  endpoint.url = url
  const sweep = setInterval(() => {
    authentication.forgetExpired().catch(() => logger.warn('expired challenges could not be removed'))
  }, 60_000)
  sweep.unref()
  undo.push(() => Promise.resolve(clearInterval(sweep)))
  const keyWatch = setInterval(() => {
    keys.refresh().catch(() => logger.error('rotated keys could not be read: the keys before them go on'))
  }, keysRefreshMs)
  keyWatch.unref()
  undo.push(() => Promise.resolve(clearInterval(keyWatch)))

  return {
    url,
    databaseUrl,
    database,
    createEnrolmentCode: (request) => createEnrolmentCode(database, request),
    revokeStation: (stationId) => revokeStation(database, stationId),
    stop: context.stop,
  }
}

async function startOwnPostgres(dataFolder: string, undo: Undo[], onFatal: (reason: string) => void): Promise<string> {
  const postgres = await startEmbeddedPostgres({
    folder: path.join(dataFolder, 'postgresql'),
    secretFile: path.join(dataFolder, 'postgresql.json'),
    onUnexpectedExit: () => onFatal('PostgreSQL ended unexpectedly'),
  })
  undo.push(() => postgres.stop())
  return postgres.url
}
