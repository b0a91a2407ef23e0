/** Counts in, counts out: what was confirmed against what is there, at the kiosk and at the gateway, to the last byte. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { databaseUrlFile } from '../../sync/gateway/gateway.ts'
import { openDatabase } from '../../sync/gateway/storage/database.ts'
import type { Confirmed, KioskAtWork } from './plant.ts'

const has = new Set(['received', 'accepted', 'refused'])

type Held = { packetId: string; received: boolean; whole: boolean }

/** Each packet of the gateway, and whether its attachments lie there as they were announced. */
async function heldBy(gatewayFolder: string): Promise<{ packets: Held[]; minted: string[] }> {
  const database = openDatabase(readFileSync(databaseUrlFile(gatewayFolder), 'utf8'), () => undefined)
  try {
    const rows = await database.selectFrom('packets').select(['packet_id', 'received_at', 'header']).execute()
    const minted = await database.selectFrom('one_stop_dossiers').select('reference').execute()
    const isThere = (packetId: string, { attachmentId, sealedSha256 }: { attachmentId: string; sealedSha256: string }) => {
      const file = join(gatewayFolder, 'attachments', packetId.slice(0, 2), `${packetId}.${attachmentId}`)
      try {
        return createHash('sha256').update(readFileSync(file)).digest('hex') === sealedSha256
      } catch {
        return false
      }
    }
    const packets = rows.map(({ packet_id, received_at, header }) => ({
      packetId: packet_id,
      received: received_at !== null,
      whole: header.attachments.every((each) => isThere(packet_id, each)),
    }))
    return { packets, minted: minted.map(({ reference }) => reference) }
  } finally {
    await database.destroy()
  }
}

/** Right after the kiosk came back: everything its screen had confirmed is there. Empty when nothing is lost. */
export async function lostAtKiosk(kiosk: KioskAtWork, confirmed: Confirmed): Promise<string[]> {
  const entries = await kiosk.outbox()
  const there = new Set(entries.map(({ packetId }) => packetId))
  // Finished after the last look and before the cut: it is in the queue, and no draft any more.
  const finished = new Set(entries.map(({ dossierId }) => dossierId))
  const versions = await kiosk.drafts(Object.keys(confirmed.drafts))
  return [
    ...confirmed.packets.filter((id) => !there.has(id)).map((id) => `packet ${id} was confirmed and is gone`),
    ...Object.entries(confirmed.drafts)
      .filter(([id, version]) => !finished.has(id) && (versions[id] ?? -1) < version)
      .map(([id, version]) => `draft ${id} was confirmed at version ${version} and is at ${versions[id]}`),
  ]
}

/** Everything the kiosk holds a receipt for is whole and durable at the gateway. */
export async function lostAtGateway(kiosk: KioskAtWork, gatewayFolder: string): Promise<string[]> {
  // The kiosk first: a receipt which comes in meanwhile is about what the gateway has.
  const receipts = (await kiosk.outbox()).filter(({ receipt }) => receipt)
  const { packets } = await heldBy(gatewayFolder)
  return receipts
    .filter(({ packetId }) => !packets.some((each) => each.packetId === packetId && each.received && each.whole))
    .map(({ packetId }) => `packet ${packetId} has a receipt and is not whole at the gateway`)
}

export type Reckoning = { queued: number; received: number; accepted: number; faults: string[] }

/** Until nothing is on its way any more, or nothing has moved for so long; then both sides are compared. */
export async function reckon(kiosk: KioskAtWork, gatewayFolder: string, patienceMs: number): Promise<Reckoning> {
  const resting = () => entries.map(({ packetId, state }) => `${packetId} ${state}`).join()
  let entries = await kiosk.outbox()
  let [before, moved] = [resting(), performance.now()]
  while (entries.some(({ state }) => state !== 'accepted') && performance.now() - moved < patienceMs) {
    await pause(100)
    entries = await kiosk.outbox()
    if (resting() !== before) [before, moved] = [resting(), performance.now()]
  }
  const { packets, minted } = await heldBy(gatewayFolder)
  const faults = [
    ...entries
      .filter(({ state }) => state !== 'accepted')
      .map(({ packetId, state, why }) => `${packetId} rests as ${state} ${why}`),
    ...packets
      .filter(({ received, whole }) => !received || !whole)
      .map(({ packetId }) => `${packetId} is not whole at the gateway`),
    ...packets
      .filter(({ packetId }) => !entries.some((each) => each.packetId === packetId))
      .map(({ packetId }) => `${packetId} is at the gateway and unknown to the kiosk`),
    ...entries
      .filter(({ packetId, state }) => has.has(state) && !packets.some((each) => each.packetId === packetId))
      .map(({ packetId }) => `${packetId} has a receipt and is not at the gateway`),
    ...(new Set(minted).size === minted.length ? [] : ['an official code was given twice for one dossier']),
  ]
  return { queued: entries.length, received: packets.filter(({ received }) => received).length, accepted: minted.length, faults }
}
