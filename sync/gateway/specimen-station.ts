/**
 * A kiosk's side of the gateway for tests and trials: enrols, authenticates, seals specimen dossiers and uploads, with the
 * real codec over real HTTP. Everything it can do wrong on purpose is an argument.
 */
import { randomBytes, randomUUID, webcrypto } from 'node:crypto'
import { SignJWT } from 'jose'
import type { Answers, AttachmentFacts, Dossier } from '../../contracts/dossier.ts'
import { PublicKeyJwk } from '../../contracts/encoding.ts'
import {
  ChallengeAnswer,
  clientAssertionType,
  consignmentMediaType,
  EnrolmentAnswer,
  parcelMediaType,
  TokenAnswer,
} from '../../contracts/gateway-api.ts'
import type { Packet, PacketHeader } from '../../contracts/packet.ts'
import { findProcedure } from '../../procedures/catalogue.ts'
import { specimenDossiers } from '../../procedures/specimens.ts'
import { attachmentKey, sealAttachment } from '../packet/attachment-codec.ts'
import { concatBytes, toBase64Url, toUtf8 } from '../packet/base64url.ts'
import { packConsignment } from '../packet/consignment.ts'
import { packetDigest, sealPacket, signedBytes } from '../packet/packet-codec.ts'
import { packParcel } from '../packet/parcel.ts'

export type SealedFile = { facts: AttachmentFacts; sealed: Uint8Array }
export type SealedDossier = { packetId: string; dossier: Dossier; packet: Packet; digest: string; files: SealedFile[] }
export type Flaws = {
  counter?: number
  packetId?: string
  dossier?: Partial<Dossier>
  header?: Partial<PacketHeader>
  /** Plain bytes of each paper instead of a small JPEG-like file. */
  plain?: Uint8Array
  /** Seal exactly this text instead of the dossier. */
  payload?: string
  withoutAttachments?: boolean
}
export type AssertionFlaws = {
  clockOffsetSeconds?: number
  challenge?: string
  jti?: string
  audience?: string
  issuer?: string
  lifeSeconds?: number
  key?: webcrypto.CryptoKey
}

const chunkSize = 16 * 1024

/** Starts as a JPEG does; the rest is noise, so nothing compresses or repeats. */
export const jpegLike = (size: number): Uint8Array => concatBytes(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), randomBytes(size - 4))

const sha256Hex = async (bytes: Uint8Array) =>
  Buffer.from(await webcrypto.subtle.digest('SHA-256', Uint8Array.from(bytes))).toString('hex')

export async function makeDeviceKey(): Promise<{ privateKey: webcrypto.CryptoKey; publicKey: PublicKeyJwk }> {
  const pair = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
  return { privateKey: pair.privateKey, publicKey: PublicKeyJwk.parse(await webcrypto.subtle.exportKey('jwk', pair.publicKey)) }
}

export async function enrolSpecimenStation(gatewayUrl: string, code: string, demo: boolean) {
  const device = await makeDeviceKey()
  const answer = await fetch(`${gatewayUrl}/v1/enrolments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, deviceKey: device.publicKey, shell: 'loopback' }),
  })
  if (!answer.ok) throw new Error(`enrolment: ${answer.status} ${await answer.text()}`)
  return specimenStation({ gatewayUrl, enrolment: EnrolmentAnswer.parse(await answer.json()), device, demo })
}

type DeviceKey = Awaited<ReturnType<typeof makeDeviceKey>>

/** Of an enrolment that is there already. */
export function specimenStation(own: { gatewayUrl: string; enrolment: EnrolmentAnswer; device: DeviceKey; demo: boolean }) {
  const { gatewayUrl, enrolment, device, demo } = own
  const operatorId = randomUUID()
  let counter = 0

  const challenge = async () => ChallengeAnswer.parse(await (await fetch(`${gatewayUrl}/v1/challenge`)).json())

  const assert = async (flaws: AssertionFlaws = {}): Promise<{ assertion: string; challenge: string }> => {
    const given = await challenge()
    const issued = Math.floor(Date.parse(given.time) / 1000) + (flaws.clockOffsetSeconds ?? 0)
    const assertion = await new SignJWT({ nonce: flaws.challenge ?? given.challenge })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuer(flaws.issuer ?? enrolment.stationId)
      .setSubject(enrolment.stationId)
      .setAudience(flaws.audience ?? `${gatewayUrl}/v1/token`)
      .setJti(flaws.jti ?? randomUUID())
      .setIssuedAt(issued)
      .setExpirationTime(issued + (flaws.lifeSeconds ?? 120))
      .sign(flaws.key ?? device.privateKey)
    return { assertion, challenge: flaws.challenge ?? given.challenge }
  }

  const requestToken = (assertion: string) =>
    fetch(`${gatewayUrl}/v1/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: clientAssertionType,
        client_assertion: assertion,
      }),
    })

  let bearer: Promise<string> | undefined
  const authorization = () => {
    bearer ??= assert()
      .then(({ assertion }) => requestToken(assertion))
      .then(async (response) => `Bearer ${TokenAnswer.parse(await response.json()).access_token}`)
    return bearer
  }

  const call = async (path: string, init: RequestInit = {}) => {
    const send = async () =>
      fetch(`${gatewayUrl}${path}`, { ...init, headers: { ...init.headers, authorization: await authorization() } })
    const answer = await send()
    // A token ends in the middle of a long hand-in; a body that streams is gone.
    if (answer.status !== 401 || init.body instanceof ReadableStream) return answer
    bearer = undefined
    return send()
  }

  const sign = async (digest: string) =>
    toBase64Url(
      new Uint8Array(await webcrypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, device.privateKey, signedBytes(digest))),
    )

  /** A specimen as the wizard would finish it. */
  const makeDossier = (files: readonly AttachmentFacts[]): Dossier => {
    const specimen = specimenDossiers.marriedCouple
    const procedure = findProcedure(specimen.procedureCode, specimen.procedureVersion)
    if (procedure === undefined) throw new Error('The specimen names no procedure of the catalogue')
    const at = `${specimen.today}T02:00:00.000Z`
    const answers: Answers = Object.fromEntries(
      Object.entries(specimen.answers).map(([id, value]) => [id, { value, provenance: { source: 'typed', at, operatorId } }]),
    )
    return {
      dossierId: randomUUID(),
      procedureCode: specimen.procedureCode,
      procedureVersion: specimen.procedureVersion,
      answers,
      attachments: [...files],
      consents: procedure.consents.map(({ id, purpose }) => ({ id, purpose, given: specimen.consents[id] ?? false, at })),
      helper: { operatorId, name: 'Giao dịch viên Mẫu' },
      slipCode: 'P7-K3M-9Q',
      training: demo,
      finishedAt: at,
    }
  }

  const seal = async (flaws: Flaws = {}): Promise<SealedDossier> => {
    const dataKey = randomBytes(32)
    const files: SealedFile[] = []
    for (const paperId of flaws.withoutAttachments === true ? [] : specimenDossiers.marriedCouple.papers) {
      const attachmentId = randomUUID()
      const plain = Uint8Array.from(flaws.plain ?? jpegLike(50_000))
      files.push({
        facts: {
          attachmentId,
          paperId,
          fileName: `${paperId}.jpg`,
          mediaType: 'image/jpeg',
          size: plain.length,
          sha256: await sha256Hex(plain),
        },
        sealed: await sealAttachment(await attachmentKey(dataKey, attachmentId), attachmentId, plain, chunkSize),
      })
    }
    const dossier: Dossier = { ...makeDossier(files.map((file) => file.facts)), ...flaws.dossier }
    const header: PacketHeader = {
      format: 'tram-packet-1',
      packetId: flaws.packetId ?? randomUUID(),
      stationId: enrolment.stationId,
      counter: flaws.counter ?? ++counter,
      kind: 'submit',
      procedureCode: dossier.procedureCode,
      procedureVersion: dossier.procedureVersion,
      training: dossier.training,
      gatewayKeyId: enrolment.keys.sealing.keyId,
      chunkSize,
      attachments: await Promise.all(
        files.map(async ({ facts, sealed }) => ({
          attachmentId: facts.attachmentId,
          sealedSize: sealed.length,
          sealedSha256: await sha256Hex(sealed),
        })),
      ),
      sealedAt: dossier.finishedAt,
      ...flaws.header,
    }
    const recipient = { ...enrolment.keys.sealing, keyId: header.gatewayKeyId }
    const sealed = await sealPacket({ header, payload: toUtf8(flaws.payload ?? JSON.stringify(dossier)), dataKey, recipient })
    if (!sealed.ok) throw new Error(sealed.error.detail)
    const packet = { ...sealed.value.packet, signature: await sign(sealed.value.digest) }
    return { packetId: header.packetId, dossier, packet, digest: await packetDigest(packet), files }
  }

  const put = (packetId: string, packet: unknown) =>
    call(`/v1/packets/${packetId}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(packet),
    })

  const post = (packet: Packet, sealed: readonly Uint8Array[] = []) =>
    call('/v1/packets', { method: 'POST', headers: { 'content-type': parcelMediaType }, body: packParcel(packet, sealed) })

  /** Several in one request; what lies behind the last parcel is sent as it is. */
  const consign = (all: readonly SealedDossier[], cutAt?: number) => {
    const body = packConsignment(
      all.map(({ packet, files }) => [
        packParcel(
          packet,
          files.map(({ sealed }) => sealed),
        ),
      ]),
    )
    const headers = { 'content-type': consignmentMediaType }
    return call('/v1/consignments', { method: 'POST', headers, body: body.slice(0, cutAt) })
  }

  const tus = (path: string, method: string, headers: Record<string, string> = {}, body?: Uint8Array) =>
    call(`/v1/attachments${path}`, {
      method,
      headers: { 'tus-resumable': '1.0.0', ...headers },
      ...(body === undefined ? {} : { body: Uint8Array.from(body) }),
    })

  const create = (packetId: string, file: SealedFile, size = file.sealed.length) =>
    createUpload(packetId, file.facts.attachmentId, size)

  const createUpload = (packetId: string, attachmentId: string, size: number) =>
    tus('', 'POST', {
      'upload-length': String(size),
      'upload-metadata': `packetId ${btoa(packetId)},attachmentId ${btoa(attachmentId)}`,
    })

  const patch = (packetId: string, attachmentId: string, offset: number, bytes: Uint8Array) =>
    tus(
      `/${packetId}.${attachmentId}`,
      'PATCH',
      { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
      bytes,
    )

  const offsetOf = async (packetId: string, attachmentId: string) =>
    Number((await tus(`/${packetId}.${attachmentId}`, 'HEAD')).headers.get('upload-offset'))

  /** The whole way as an honest kiosk goes it. */
  const deliver = async (sealed: SealedDossier) => {
    const answer = await put(sealed.packetId, sealed.packet)
    if (!answer.ok) throw new Error(`packet: ${answer.status} ${await answer.text()}`)
    for (const file of sealed.files) {
      const created = await create(sealed.packetId, file)
      if (created.status !== 201) throw new Error(`create: ${created.status} ${await created.text()}`)
      const patched = await patch(sealed.packetId, file.facts.attachmentId, 0, file.sealed)
      if (patched.status !== 204) throw new Error(`patch: ${patched.status} ${await patched.text()}`)
    }
  }

  return {
    enrolment,
    device,
    assert,
    requestToken,
    authorization,
    call,
    sign,
    seal,
    put,
    post,
    consign,
    tus,
    create,
    createUpload,
    patch,
    offsetOf,
    deliver,
  }
}
export type SpecimenStation = ReturnType<typeof specimenStation>
