/**
 * `npm run gateway -- look-at FILE`: what a courier's file holds, the kiosk's reason for what lay on its shelf, and what this gateway would say
 * of each packet now. Takes nothing, changes nothing; no answer of a citizen's is printed.
 */
import { parseArgs } from 'node:util'
import type { CourierNote } from '../../contracts/courier.ts'
import type { PacketContent } from '../../contracts/dossier-events.ts'
import { catalogueWith } from '../../procedures/authoring/read-folders.ts'
import { type CarriedParcel, readCourier } from '../packet/courier-file.ts'
import { dataFolderDefault, withDatabase } from './beside.ts'
import { sayCourierFault, withCourierFile } from './courier-on-disk.ts'
import { keysFile } from './gateway.ts'
import { loadKeys } from './keys.ts'
import { createDossierCheck } from './packets/dossier-check.ts'
import { createOpening, type GatewayMode } from './packets/opening.ts'
import { createPacketSeals } from './packets/packet-seals.ts'
import type { Refusal } from './problem.ts'
import type { Database } from './storage/database.ts'

/** The file is anybody's: what it says is shown, and moves no cursor of the terminal. */
const shown = (text: string): string => text.replaceAll(/\p{C}+/gu, ' ').slice(0, 1000)

const kinds = { submit: 'hồ sơ mới / submit', supplement: 'bổ sung / supplement', withdraw: 'rút / withdraw' }

const slipOf = (content: PacketContent): string =>
  content.kind === 'submit'
    ? content.dossier.slipCode
    : content.kind === 'supplement'
      ? content.supplement.slipCode
      : content.withdrawal.slipCode

const refusalWords = ({ type, detail, findings = [] }: Refusal): string =>
  [type, detail ?? '', ...findings.map(({ fields, message }) => `${fields.join(', ')}: ${message.vi}`)]
    .filter((part) => part !== '')
    .join(' · ')

async function stationNamed(database: Database, stationId: string) {
  const row = await database
    .selectFrom('stations')
    .select(['point_name', 'station_name', 'demo', 'device_key', 'revoked_at'])
    .where('station_id', '=', stationId)
    .executeTakeFirst()
  return (
    row && {
      name: `${row.point_name} · ${row.station_name}${row.revoked_at === null ? '' : ' (đã thu hồi / revoked)'}`,
      sender: { stationId, demo: row.demo, deviceKey: row.device_key },
    }
  )
}

async function linesOf(
  database: Database,
  openPacket: ReturnType<typeof createOpening>,
  { header, packet }: CarriedParcel,
): Promise<string[]> {
  const { packetId, stationId, counter, kind, procedureCode, procedureVersion, sealedAt, attachments } = header
  const station = await stationNamed(database, stationId)
  const opened = station && (await openPacket(station.sender, packetId, packet))
  const there = await database.selectFrom('packets').select('state').where('packet_id', '=', packetId).executeTakeFirst()
  const bytes = attachments.reduce((sum, { sealedSize }) => sum + sealedSize, 0)
  const judged =
    station === undefined
      ? 'máy này không có ở đây / unknown station'
      : opened?.ok === true
        ? 'mở được, đúng mẫu / opens and is right'
        : refusalWords(opened?.error ?? { type: 'internal' })
  return [
    `${packetId}  ${kinds[kind]}`,
    `  Máy / station        ${station?.name ?? stationId}, số / counter ${counter}`,
    `  Thủ tục / procedure  ${shown(procedureCode)} ${shown(procedureVersion)}${header.training ? ', tập huấn / training' : ''}`,
    `  Niêm phong / sealed  ${sealedAt}; ${attachments.length} giấy tờ / papers, ${(bytes / 1_048_576).toFixed(1)} MB`,
    ...(opened?.ok === true ? [`  Mã phiếu / slip      ${slipOf(opened.value.content)}`] : []),
    `  Ở đây / here         ${there?.state ?? 'chưa có / not yet'}`,
    `  Xem lại / judged now ${judged}`,
  ]
}

const noteLines = ({ slipCode, reason, detail, words, findings }: CourierNote): string[] => [
  `  Máy gốc ghi / the kiosk's note, phiếu / slip ${shown(slipCode)}: ${shown(words)}`,
  `    ${shown(reason)}${detail === '' ? '' : ` · ${shown(detail)}`}`,
  ...findings.map(({ fields, message }) => `    ${shown(fields.join(', '))}: ${shown(message.vi)}`),
]

export async function lookAtCourier(words: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: {
      data: { type: 'string', default: dataFolderDefault },
      production: { type: 'boolean', default: false },
    },
  })
  const mode: GatewayMode = values.production ? 'production' : 'demo'
  await withCourierFile(positionals[0], (source) =>
    withDatabase(values.data, async (database) => {
      const checkDossier = createDossierCheck(catalogueWith(process.env.TRAM_PROCEDURES))
      const seals = createPacketSeals(await loadKeys(keysFile(values.data)))
      const openPacket = createOpening({ seals, mode, checkDossier, now: () => new Date() })
      const described = new Map<string, string[]>()
      const read = await readCourier(source, async (parcel) => {
        described.set(parcel.header.packetId, await linesOf(database, openPacket, parcel))
        return 'go-on'
      })
      const notes = read.ok ? read.value.notes : []
      for (const [packetId, lines] of described) {
        console.log(lines.join('\n'))
        const note = notes.find((one) => one.packetId === packetId)
        if (note !== undefined) console.log(noteLines(note).join('\n'))
      }
      if (!read.ok) sayCourierFault(read.error)
    }),
  )
}
