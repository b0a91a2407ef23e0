/**
 * `npm run gateway -- take-courier FILE`: what a courier brought, handed in at the gateway's desk. The desk is a station of its own for the
 * time of the command, and goes the way every carrier goes; what came before, by network or by stick, counts once.
 */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { CarriedAnswer, type CourierReceipts } from '../../contracts/courier.ts'
import { maxParcelAttachments, Problem, parcelMediaType } from '../../contracts/gateway-api.ts'
import { type CarriedParcel, type CourierSource, readCourier } from '../packet/courier-file.ts'
import { packParcel } from '../packet/parcel.ts'
import { dataFolderDefault, withDatabase } from './beside.ts'
import { sayCourierFault, withCourierFile } from './courier-on-disk.ts'
import { enrolSpecimenStation, type SpecimenStation } from './specimen-station.ts'
import { createEnrolmentCode, revokeStation } from './stations/enrolment.ts'

const chunkBytes = 4 * 1024 * 1024

async function post(
  desk: SpecimenStation,
  parcel: CarriedParcel,
  sealed: readonly Uint8Array[],
): Promise<CarriedAnswer | string> {
  const response = await desk.call('/v1/courier/parcels', {
    method: 'POST',
    headers: { 'content-type': parcelMediaType },
    body: packParcel(parcel.packet, sealed),
  })
  const body: unknown = await response.json()
  if (response.ok) return CarriedAnswer.parse(body)
  return Problem.safeParse(body).data?.type ?? String(response.status)
}

/** A reason is why it was not taken. */
async function carry(desk: SpecimenStation, parcel: CarriedParcel, source: CourierSource): Promise<CarriedAnswer | string> {
  const total = parcel.attachments.reduce((sum, { sealedSize }) => sum + sealedSize, 0)
  const inOne = total <= maxParcelAttachments ? parcel.attachments : []
  const first = await post(
    desk,
    parcel,
    await Promise.all(inOne.map(({ from, sealedSize }) => source.read(from, from + sealedSize))),
  )
  if (typeof first === 'string' || first.state !== 'waiting-for-attachments') return first
  for (const { attachmentId } of first.missing) {
    const attachment = parcel.attachments.find((one) => one.attachmentId === attachmentId)
    if (attachment === undefined) continue
    const { packetId } = parcel.header
    await desk.createUpload(packetId, attachmentId, attachment.sealedSize)
    let offset = await desk.offsetOf(packetId, attachmentId)
    while (offset < attachment.sealedSize) {
      const end = Math.min(attachment.sealedSize, offset + chunkBytes)
      const bytes = await source.read(attachment.from + offset, attachment.from + end)
      const patched = await desk.patch(packetId, attachmentId, offset, bytes)
      if (patched.status !== 204) return `attachment ${patched.status}`
      offset = end
    }
  }
  return post(desk, parcel, [])
}

export async function takeCourier(words: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: {
      data: { type: 'string', default: dataFolderDefault },
      url: { type: 'string', default: `http://127.0.0.1:${process.env.TRAM_GATEWAY_PORT ?? '4800'}` },
      receipts: { type: 'string' },
    },
  })
  await withCourierFile(positionals[0], (source) =>
    withDatabase(values.data, async (database) => {
      const { code } = await createEnrolmentCode(database, {
        pointName: 'Bàn máy chủ',
        stationName: 'Nhận hàng chờ qua USB',
        demo: false,
      })
      const desk = await enrolSpecimenStation(values.url, code, false)
      const receipts: CourierReceipts = { format: 'tram-courier-receipts-1', receipts: [] }
      try {
        const read = await readCourier(source, async (parcel) => {
          const carried = await carry(desk, parcel, source)
          const { packetId } = parcel.header
          if (typeof carried !== 'string' && carried.receipt !== undefined)
            receipts.receipts.push({ packetId, receipt: carried.receipt })
          else {
            process.exitCode = 1
            console.error(`${packetId}  không nhận / not taken: ${typeof carried === 'string' ? carried : carried.state}`)
          }
          return 'go-on'
        })
        if (values.receipts !== undefined) await writeFile(values.receipts, JSON.stringify(receipts))
        console.log(`Đã nhận đủ ${receipts.receipts.length} hồ sơ / dossiers received, before or now`)
        if (!read.ok) sayCourierFault(read.error)
      } finally {
        await revokeStation(database, desk.enrolment.stationId)
      }
    }),
  )
}
