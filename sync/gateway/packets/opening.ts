/**
 * A packet is opened and judged by itself, before anything is stored: who signed it, does its seal open, is what is in it whole and right.
 * Invariant: nothing here changes anything, so the desk may look at a packet as often as it likes.
 */
import type { PacketContent } from '../../../contracts/dossier-events.ts'
import type { Packet, PacketHeader } from '../../../contracts/packet.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import { parseHeader } from '../../packet/packet-codec.ts'
import type { Refusal } from '../problem.ts'
import type { DossierCheck } from './dossier-check.ts'
import type { PacketSeals, PacketSender } from './intake-ports.ts'
import { contentOf } from './packet-content.ts'

export type GatewayMode = 'demo' | 'production'
type Opened = { header: PacketHeader; content: PacketContent; dataKey: Uint8Array }

export const createOpening =
  (options: { seals: Pick<PacketSeals, 'isSignedBy' | 'open'>; mode: GatewayMode; checkDossier: DossierCheck; now(): Date }) =>
  async (station: PacketSender, packetId: string, packet: Packet): Promise<Result<Opened, Refusal>> => {
    const { seals } = options
    const parsed = parseHeader(packet)
    if (!parsed.ok) return parsed
    const { header } = parsed.value
    if (header.packetId !== packetId) return err({ type: 'malformed', detail: 'the header names another packet' })
    if (header.stationId !== station.stationId)
      return err({ type: 'signature-invalid', detail: 'the header names another station' })
    if (!(await seals.isSignedBy(packet, station.deviceKey))) return err({ type: 'signature-invalid' })
    if (options.mode === 'production' && (header.training || station.demo)) return err({ type: 'training-refused' })
    if (station.demo && !header.training) return err({ type: 'malformed', detail: 'a demo station sends training packets only' })
    const opened = await seals.open(packet)
    if (!opened.ok) return opened
    const content = contentOf(header, opened.value.payload)
    if (!content.ok) return content
    if (content.value.kind === 'submit') {
      const inForce = options.checkDossier.version(header, options.now())
      if (!inForce.ok) return inForce
      const checked = options.checkDossier.content(header, content.value.dossier)
      if (!checked.ok) return checked
    }
    return ok({ header, content: content.value, dataKey: opened.value.dataKey })
  }
