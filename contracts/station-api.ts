/**
 * StationApi: what the Node side of a kiosk does for its pages. Electron carries it over IPC, the loopback shell over a WebSocket;
 * a page cannot tell which. Every message is parsed by these schemas on the receiving side.
 */
import { z } from 'zod'
import { CardFailure, CardProgress, CardReading, CardReadRequest, CardText, ReaderStatus } from './card.ts'
import { CardEvidence, StoreAct } from './card-evidence.ts'
import { DocumentScanFailure, DocumentScanner, ScanJob, ScannedPage, ScanSettings } from './document-scan.ts'
import { Base64Url, Instant, Sha256Hex, Uuid } from './encoding.ts'
import { GatewayKeys } from './gateway-api.ts'
import { RecoveryKeys } from './lease.ts'
import type { Result } from './result.ts'
import { Scan, ScanFailure, ScannerConfiguration, ScannerDevice, ScannerStatus } from './scan.ts'

export const DeviceSecretKind = z.enum(['tpm', 'os-keystore', 'file'])

export const StationDescription = z.object({
  shell: z.enum(['electron', 'loopback']),
  version: z.string(),
  gatewayUrl: z.string(),
  deviceSecret: DeviceSecretKind,
  /** Readers are simulated chips: said on every screen that shows them. */
  simulatedReader: z.boolean(),
  /** Of the mending the browser's store came out of, if it ever did: what could not be read is missing from it. */
  storeMended: Uuid.optional(),
  enrolment: z
    .object({
      stationId: Uuid,
      pointName: z.string(),
      stationName: z.string(),
      /** Where the point stands: forms propose agencies and communes by it. */
      pointPlace: z.string().optional(),
      demo: z.boolean(),
      keys: GatewayKeys,
    })
    .nullable(),
})
export type StationDescription = z.infer<typeof StationDescription>

export const EnrolFailure = z.object({
  type: z.enum(['gateway-unreachable', 'code-refused', 'already-enrolled', 'gateway-answer-invalid']),
  detail: z.string(),
})
export type EnrolFailure = z.infer<typeof EnrolFailure>

/** Why the station does not even try a secret. */
export const AttemptRefusal = z.discriminatedUnion('type', [
  /** Wait this long, by a clock which setting the time back does not move. */
  z.object({ type: z.literal('locked-out'), waitMs: z.number() }),
  /** The gateway no longer lets this operator in. */
  z.object({ type: z.literal('removed') }),
  /** The station has not heard from its gateway for so long that it cannot know who still works here. */
  z.object({ type: z.literal('contact-needed'), offlineDays: z.number().int() }),
])
export type AttemptRefusal = z.infer<typeof AttemptRefusal>

/** What the station knows of time and of its gateway's orders. Times come from clocks which nobody can set back. */
export const StationStanding = z.object({
  /** Grows while the machine runs, and by at most a day for each time it was off. */
  elapsedMs: z.number().nonnegative(),
  draftHours: z.number().int().positive(),
  /** Null until the gateway set a limit. */
  offline: z.object({ ms: z.number().nonnegative(), limitMs: z.number().positive() }).nullable(),
  removedOperators: z.array(Uuid),
  recovery: RecoveryKeys.nullable(),
  /** For how long the gateway keeps what citizens let be kept; null where it keeps nothing. */
  keepMonths: z.number().int().positive().nullable(),
  /** The list of the gateway's procedures (contracts/catalogue.ts); null where it publishes none. */
  catalogue: Sha256Hex.nullable(),
  /** Of the disk the station lies on; null where the system does not tell. */
  disk: z.object({ freeBytes: z.number().nonnegative(), totalBytes: z.number().nonnegative() }).nullable(),
})
export type StationStanding = z.infer<typeof StationStanding>

export const LeaseFailure = z.object({
  type: z.enum(['lease-invalid', 'lease-outdated', 'lease-not-stored']),
  detail: z.string(),
})

export const OperatorSecret = z.enum(['pin', 'desk-code'])
export type OperatorSecret = z.infer<typeof OperatorSecret>

const result = <V extends z.ZodType, E extends z.ZodType>(value: V, error: E) =>
  z.discriminatedUnion('ok', [z.object({ ok: z.literal(true), value }), z.object({ ok: z.literal(false), error })])

export const stationMethods = {
  describe: { request: z.object({}), response: StationDescription },
  /** Makes the device key when there is none and enrols with the gateway of the station's configuration. */
  enrol: { request: z.object({ code: z.string().min(16).max(64) }), response: result(StationDescription, EnrolFailure) },
  /** Tells this machine from another: a value of its device secret, which itself never leaves the station. */
  deviceCheck: { request: z.object({}), response: z.object({ output: Base64Url.length(43) }) },
  /**
   * HMAC-SHA-256 under the device secret of what a way to one operator's key is made of, for a new PIN or a new copy. Of an operator whom
   * the station knows only for the proof that his key is at hand: else this would be a search of his PIN which nobody counts.
   */
  bindToDevice: {
    request: z.object({ operatorId: Uuid, way: OperatorSecret, input: Base64Url.length(43), proof: Base64Url.length(43) }),
    response: result(z.object({ output: Base64Url.length(43) }), z.object({ type: z.literal('not-proven') })),
  },
  /**
   * The same binding for an attempt at an operator's secret: counted on disk BEFORE it is answered, and refused while too many failed. The
   * count lies in a file of fixed size written in place, so a full disk neither stops a sign-in nor hides an attempt.
   */
  tryOperatorSecret: {
    request: z.object({
      operatorId: Uuid,
      way: OperatorSecret,
      input: Base64Url.length(43),
      /** Failures the asker knows of, for an operator whom the station does not know yet. */
      knownFailures: z.number().int().nonnegative().optional(),
    }),
    response: result(
      /** What it costs if the secret was wrong: the attempts left then, and the wait when there are none. */
      z.object({ output: Base64Url.length(43), attemptsLeft: z.number().int().nonnegative(), waitMs: z.number().nonnegative() }),
      AttemptRefusal,
    ),
  },
  /** The attempt succeeded: the proof, which only the operator's opened key yields, clears the count. The first proof is kept to compare. */
  settleAttempt: {
    request: z.object({ operatorId: Uuid, proof: Base64Url.length(43) }),
    response: z.object({ cleared: z.boolean() }),
  },
  standing: { request: z.object({}), response: StationStanding },
  /** What the next lease has to answer to: kept until one is taken or the next one is asked for, so that a lease laid by is worth nothing. */
  leaseNonce: { request: z.object({}), response: z.object({ nonce: Base64Url }) },
  /** A lease from the gateway (contracts/lease.ts): verified by the keys pinned here, refused unless it answers the last nonce. */
  applyLease: { request: z.object({ lease: z.string().max(60_000) }), response: result(StationStanding, LeaseFailure) },
  /**
   * ECDSA P-256 over "tram-packet-1" and the packet's digest: nothing else can be signed through it. The station keeps the highest counter
   * it has signed and signs none twice, so that a store which was lost, or a second one, cannot begin again under the same key.
   */
  signPacket: {
    request: z.object({ digest: Sha256Hex, counter: z.number().int().positive() }),
    response: result(
      z.object({ signature: Base64Url }),
      z.object({ type: z.literal('counter-used'), lastCounter: z.number().int().nonnegative() }),
    ),
  },
  /**
   * Vouches for a key made in the page, to which the gateway is to seal what an agency's request for a supplement needs
   * (contracts/supplement.ts): the station, the request, who asks and the key are in what is signed.
   */
  signSupplementOpening: {
    request: z.object({ requestId: Uuid, operatorId: Uuid, recipient: Base64Url.length(87) }),
    response: result(z.object({ signature: Base64Url }), z.object({ type: z.literal('removed') })),
  },
  /**
   * Vouches for a card that this station has read within the last minutes, to the gateway's store (contracts/citizen-store.ts): the proof of
   * that reading comes back with the signature over it. A number that was typed has no reading.
   */
  signStoreOpening: {
    request: z.object({
      readId: Uuid,
      operatorId: Uuid,
      act: StoreAct,
      challenge: z.string().min(16).max(200),
      recipient: Base64Url.length(87),
    }),
    response: result(
      z.object({ signature: Base64Url, evidence: CardEvidence }),
      z.object({ type: z.enum(['removed', 'not-read']) }),
    ),
  },
  /** RFC 7523 assertion for the gateway the station is enrolled with. */
  clientAssertion: {
    request: z.object({ challenge: z.string().min(16).max(200), time: Instant }),
    response: z.object({ assertion: z.string() }),
  },
  listReaders: { request: z.object({}), response: result(z.array(ReaderStatus), CardFailure) },
  readCard: { request: CardReadRequest.extend({ readId: Uuid }), response: result(CardReading, CardFailure) },
  cancelRead: { request: z.object({ readId: Uuid }), response: z.object({}) },
  describeScanner: { request: z.object({}), response: ScannerStatus },
  listScannerDevices: { request: z.object({}), response: result(z.array(ScannerDevice), ScanFailure) },
  /** The station keeps the choice and listens to this scanner from now on. */
  configureScanner: { request: z.object({ configuration: ScannerConfiguration }), response: result(ScannerStatus, ScanFailure) },
  /** Shows the simulated scanner of a training station the code of a specimen card. */
  presentSpecimenCode: {
    request: z.object({ specimen: z.number().int().nonnegative() }),
    response: result(z.null(), ScanFailure),
  },
  listDocumentScanners: { request: z.object({}), response: z.object({ scanners: z.array(DocumentScanner) }) },
  /** One job at a time: a new one ends the one before. */
  startScan: { request: ScanSettings, response: result(ScanJob, DocumentScanFailure) },
  /** Waits for the next page of the job. */
  nextScannedPage: { request: ScanJob, response: result(ScannedPage, DocumentScanFailure) },
  cancelScan: { request: ScanJob, response: z.object({}) },
} as const
export type StationMethods = typeof stationMethods
export type StationMethodName = keyof StationMethods

export const StationEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('card-progress'), readId: Uuid, progress: CardProgress }),
  /** Once in a reading, before its answer: number and name may be shown, nothing is proven yet and nothing may be filled in. */
  z.object({ type: z.literal('card-text'), readId: Uuid, text: CardText }),
  z.object({ type: z.literal('readers'), readers: z.array(ReaderStatus) }),
  z.object({ type: z.literal('scanner'), status: ScannerStatus }),
  /** A code as it was scanned, or why none came of it. Personal data: a page that does not wait for one lets it go. */
  z.object({ type: z.literal('scan'), scan: Scan }),
  /** The shell is closing or its station died: pages lock and say why. */
  z.object({ type: z.literal('station-stopping') }),
])
export type StationEvent = z.infer<typeof StationEvent>

/** How the station itself can fail a call, as the page sees it. */
export type StationUnavailable = { type: 'station-unavailable'; detail: string }

/** The transport's call may fail as a whole: the station is gone. Failures of the work itself are inside the response. */
export type StationApi = {
  call<M extends StationMethodName>(
    method: M,
    request: z.input<StationMethods[M]['request']>,
  ): Promise<Result<z.output<StationMethods[M]['response']>, StationUnavailable>>
  /** Returns its own unsubscribe. */
  onEvent(listener: (event: StationEvent) => void): () => void
  /** False while the station does not answer; listeners hear of each change. */
  onReachable(listener: (reachable: boolean) => void): () => void
}

/** What a shell's preload or loopback page finds the transport by: `window.tram`. */
export type StationBridge = {
  invoke(method: StationMethodName, request: unknown): Promise<unknown>
  subscribe(listener: (event: unknown) => void): () => void
}
