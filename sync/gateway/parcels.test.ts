import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { compactVerify, importJWK } from 'jose'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  ConsignmentAnswer,
  maxParcelAttachments,
  mostParcelsTogether,
  PacketAnswer,
  Problem,
  parcelMediaType,
} from '../../contracts/gateway-api.ts'
import { ReceiptClaims } from '../../contracts/packet.ts'
import { packParcel } from '../packet/parcel.ts'
import { uploadIdOf } from './attachments/sealed-files.ts'
import { type Gateway, startGateway } from './gateway.ts'
import { enrolSpecimenStation, jpegLike, type SealedDossier, type SpecimenStation } from './specimen-station.ts'
import { layReadyCluster } from './storage/ready-cluster.fixture.ts'

let folder: string
let gateway: Gateway
let station: SpecimenStation

const newStation = async () => {
  const { code } = await gateway.createEnrolmentCode({ pointName: 'Bưu điện Mẫu', stationName: 'Quầy mẫu', demo: true })
  return enrolSpecimenStation(gateway.url, code, true)
}
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tram-parcels-'))
  await chmod(folder, 0o711)
  await layReadyCluster(path.join(folder, 'demo'))
  gateway = await startGateway({ dataFolder: path.join(folder, 'demo'), mode: 'demo' })
  station = await newStation()
})
afterAll(async () => {
  await gateway?.stop()
  await rm(folder, { recursive: true, force: true })
})

const bytesOf = (sealed: SealedDossier) => sealed.files.map((file) => file.sealed)
const answerOf = async (response: Response) => {
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return PacketAnswer.parse(await response.json())
}
const typeOf = async (response: Response) => Problem.parse(await response.json()).type
const sent = async (sealed: SealedDossier, bytes = bytesOf(sealed)) => station.post(sealed.packet, bytes)
const filesOf = (sealed: SealedDossier) =>
  sealed.files.map(({ facts: { attachmentId } }) => {
    const id = uploadIdOf({ packetId: sealed.packetId, attachmentId })
    return existsSync(path.join(folder, 'demo/attachments', id.slice(0, 2), id))
  })
const rowsOf = async (sealed: SealedDossier) => {
  const of = (table: 'packets' | 'connector_jobs' | 'updates') =>
    gateway.database.selectFrom(table).select('packet_id').where('packet_id', '=', sealed.packetId).execute()
  const [packets, jobs] = [await of('packets'), await of('connector_jobs')]
  return [packets.length, jobs.length]
}

describe('a packet with its attachments in one request', () => {
  it('is answered by its receipt, for exactly these attachments', async () => {
    const sealed = await station.seal()
    const answer = await answerOf(await sent(sealed))
    expect(answer).toMatchObject({ packetId: sealed.packetId, state: 'received', missing: [] })
    const key = await importJWK(station.enrolment.keys.receipts.publicKey, 'ES256')
    const { payload } = await compactVerify(answer.receipt ?? '', key)
    const claims = ReceiptClaims.parse(JSON.parse(new TextDecoder().decode(payload)))
    expect(claims).toMatchObject({ packetId: sealed.packetId, packetDigest: sealed.digest })
    expect(claims.attachments.map(({ sealedSize }) => sealedSize)).toEqual(bytesOf(sealed).map(({ length }) => length))
    expect(filesOf(sealed).every(Boolean)).toBe(true)
    expect(await readdir(path.join(folder, 'demo/attachments/incoming'))).toEqual([])
  })

  it('counts once, however often and however many at a time it comes', async () => {
    const sealed = await station.seal({ plain: jpegLike(200_000) })
    const answers = await Promise.all(Array.from({ length: 6 }, async () => answerOf(await sent(sealed))))
    await sent(sealed)
    expect(new Set(answers.map(({ receipt }) => receipt)).size).toBe(1)
    expect(await rowsOf(sealed)).toEqual([1, 1])
    const cursors = await gateway.database
      .selectFrom('updates')
      .select('cursor')
      .where('station_id', '=', station.enrolment.stationId)
      .execute()
    expect(new Set(cursors.map(({ cursor }) => cursor)).size).toBe(cursors.length)
  })

  it('comes by both ways at once and counts once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const sealed = await station.seal()
      await Promise.all([sent(sealed), station.deliver(sealed).catch(() => undefined)])
      await station.deliver(sealed).catch(() => undefined)
      expect(await answerOf(await sent(sealed))).toMatchObject({ missing: [] })
      expect(await rowsOf(sealed)).toEqual([1, 1])
    }
  })

  it('of one matter, many at once and beside the agency at work, are all received: no lock waits for another', async () => {
    const queue = await Promise.all(Array.from({ length: 16 }, () => station.seal({ plain: jpegLike(2_000) })))
    const statuses: number[] = []
    const lane = async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) statuses.push((await sent(next)).status)
    }
    await Promise.all([lane(), lane(), lane(), lane()])
    expect(statuses).toEqual(Array(16).fill(200))
  })

  it('without them waits for them', async () => {
    const sealed = await station.seal()
    expect(await answerOf(await sent(sealed, []))).toMatchObject({ state: 'waiting-for-attachments' })
    await station.deliver(sealed)
    expect((await answerOf(await sent(sealed, []))).receipt).toBeDefined()
  })

  it('leaves nothing behind when an attachment is not what was announced', async () => {
    const sealed = await station.seal()
    const damaged = await sent(
      sealed,
      bytesOf(sealed).map(({ length }) => randomBytes(length)),
    )
    expect(await typeOf(damaged)).toBe('attachment-invalid')
    expect(await rowsOf(sealed)).toEqual([0, 0])
    expect(filesOf(sealed).some(Boolean)).toBe(false)
    expect((await answerOf(await sent(sealed))).receipt).toBeDefined()
  })

  it('cut off by a proxy is worth another try, never a refusal', async () => {
    const sealed = await station.seal()
    const whole = packParcel(sealed.packet, bytesOf(sealed))
    for (const length of [0, 3, 900, whole.length - 1]) {
      const headers = { 'content-type': parcelMediaType }
      const answer = await station.call('/v1/packets', { method: 'POST', headers, body: whole.slice(0, length) })
      expect([length, answer.status]).toEqual([length, 503])
    }
    expect(await rowsOf(sealed)).toEqual([0, 0])
  })

  it('is taken when its length is not announced, and refused when it is too long', async () => {
    const sealed = await station.seal()
    const whole = packParcel(sealed.packet, bytesOf(sealed))
    const sentInPieces = (body: Uint8Array<ArrayBuffer>) => {
      const pieces = new Blob([body]).stream()
      const init = { method: 'POST', headers: { 'content-type': parcelMediaType }, body: pieces, duplex: 'half' } as const
      return station.call('/v1/packets', init)
    }
    expect(await typeOf(await sentInPieces(new Uint8Array(maxParcelAttachments + 2 * 1024 * 1024)))).toBe('too-large')
    expect((await answerOf(await sentInPieces(whole))).receipt).toBeDefined()
  })

  it('that was taken back is refused, and its attachments are gone', async () => {
    const sealed = await station.seal()
    const taken = await station.call(`/v1/packets/${sealed.packetId}`, { method: 'DELETE' })
    expect((await answerOf(taken)).state).toBe('taken-back')
    expect(await typeOf(await sent(sealed))).toBe('taken-back')
    expect(filesOf(sealed).some(Boolean)).toBe(false)
  })

  it('of another content under the same id or counter, or of another station, is refused and leaves no file', async () => {
    const first = await station.seal()
    await answerOf(await sent(first))
    const sameId = await station.seal({ packetId: first.packetId })
    expect(await typeOf(await sent(sameId))).toBe('key-reused')
    const used = await station.seal({ dossier: { dossierId: first.dossier.dossierId } })
    expect(await typeOf(await sent(used))).toBe('key-reused')
    expect(filesOf(used).some(Boolean)).toBe(false)
    const other = await newStation()
    const foreign = await station.seal()
    expect(await typeOf(await other.post(foreign.packet, bytesOf(foreign)))).toBe('signature-invalid')
    expect(filesOf(foreign).some(Boolean)).toBe(false)
  })
})

describe('the same supplement twice at once, while its submit is coming in', () => {
  /** Whoever has the packet's lock is before everybody that asks for it afterwards. */
  const holdLock = async (packetId: string) => {
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    let isHeld = () => {}
    const held = new Promise<void>((resolve) => {
      isHeld = resolve
    })
    const ended = gateway.database.transaction().execute(async (trx) => {
      await sql`SELECT pg_advisory_xact_lock(hashtextextended(${packetId}, 0))`.execute(trx)
      isHeld()
      await released
    })
    return {
      held,
      release: () => {
        release()
        return ended
      },
    }
  }
  const pause = () => new Promise((resolve) => setTimeout(resolve, 300))

  it('is received with its attachments or not at all', async () => {
    const submit = await station.seal()
    await answerOf(await station.put(submit.packetId, submit.packet))
    const { dossierId } = submit.dossier
    const dossier = { dossierId, seen: {} } as Partial<typeof submit.dossier>
    const supplement = await station.seal({ dossier, header: { kind: 'supplement', event: { dossierId, sequence: 2 } } })
    const first = await holdLock(supplement.packetId)
    await first.held
    const early = sent(supplement)
    await pause()
    const second = await holdLock(supplement.packetId)
    await pause()
    const late = sent(supplement)
    await pause()
    await first.release()
    expect(await typeOf(await early)).toBe('event-out-of-order')
    await second.held
    await station.deliver(submit)
    await second.release()
    expect(await answerOf(await late)).toMatchObject({ state: 'received' })
    expect(filesOf(supplement).every(Boolean)).toBe(true)
  })
})

describe('several parcels in one request', () => {
  const answersOf = async (response: Response) => ConsignmentAnswer.parse(await response.json()).answers

  it('are answered each for itself, in their order, and the same again', async () => {
    const [first, damaged, last] = [await station.seal(), await station.seal(), await station.seal()]
    const wrong = { ...damaged, files: damaged.files.map((file) => ({ ...file, sealed: randomBytes(file.sealed.length) })) }
    const answers = await answersOf(await station.consign([first, wrong, last]))
    expect(answers.map(({ status }) => status)).toEqual([200, 422, 200])
    expect(answers.map(({ body }) => PacketAnswer.safeParse(body).data?.packetId)).toEqual([
      first.packetId,
      undefined,
      last.packetId,
    ])
    expect(answers[1]?.body).toMatchObject({ type: 'attachment-invalid' })
    expect(await rowsOf(damaged)).toEqual([0, 0])
    expect(filesOf(damaged).some(Boolean)).toBe(false)
    const again = await answersOf(await station.consign([first, last, first]))
    const receipts = (all: typeof answers) => all.map(({ body }) => PacketAnswer.safeParse(body).data?.receipt)
    const [own, , others] = receipts(answers)
    expect(receipts(again)).toEqual([own, others, own])
    expect([await rowsOf(first), await rowsOf(last)]).toEqual([
      [1, 1],
      [1, 1],
    ])
  })

  it('that were cut off anywhere but between two of them count for nothing', async () => {
    const sealed = await station.seal()
    for (const length of [0, 3, 4, 2_000])
      expect([length, (await station.consign([sealed], length)).status]).toEqual([length, 503])
    expect(await rowsOf(sealed)).toEqual([0, 0])
    expect(await answersOf(await station.consign([sealed]))).toMatchObject([{ status: 200, body: { state: 'received' } }])
  })

  it('are refused together when they are too many, and none is stored', async () => {
    const sealed = await station.seal({ plain: jpegLike(2_000) })
    expect((await station.consign(Array.from({ length: mostParcelsTogether + 1 }, () => sealed))).status).toBe(413)
    expect(await rowsOf(sealed)).toEqual([0, 0])
  })
})
