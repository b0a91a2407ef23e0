/**
 * A kiosk's queue on a stick, as sync/vault/courier-export.ts writes it: marked as leaving, then copied. It is handed in some other day, once
 * or twice, whatever has become of the queue meanwhile.
 */
import { packParcel } from '../../sync/packet/parcel.ts'
import type { OutboxRow } from '../../sync/vault/database.ts'
import type { SimulatedGateway } from './gateway.ts'
import type { Kiosk } from './kiosk.ts'
import type { PlantedBug } from './planted-bugs.ts'
import type { Random } from './random.ts'
import type { Scheduler } from './virtual-time.ts'

const mayLeave = ({ progress, receipt, open }: OutboxRow): boolean =>
  open === 1 && receipt === undefined && progress.recall !== true && progress.state.name !== 'recalled'

export const carryQueue = async (
  world: { gateway: SimulatedGateway; scheduler: Scheduler; random: Random; until: number; bug: PlantedBug | undefined },
  kiosk: Kiosk,
): Promise<void> => {
  const { gateway, scheduler, random } = world
  const tab = kiosk.tab()
  if (tab === undefined) return
  const copied = await tab.access.write(({ outbox, packets, blobs }) =>
    [...outbox.values()].filter(mayLeave).flatMap((row) => {
      const packet = packets.get(row.packetId)
      const sealed = row.attachments.flatMap(({ attachmentId }) => blobs.get(attachmentId)?.bytes ?? [])
      if (packet === undefined || sealed.length !== row.attachments.length) return []
      if (world.bug !== 'courier-not-marked') outbox.set(row.packetId, { ...row, sentOnce: true, carried: true })
      return [packParcel(packet, sealed)]
    }),
  )
  if (!copied.ok) return
  for (const body of copied.value) {
    const times = random.pick([1, 1, 2])
    for (let time = 0; time < times; time += 1) {
      const handIn = () => {
        const headers = { authorization: 'Bearer carrier' }
        const served = gateway.serve({ method: 'POST', path: '/v1/courier/parcels', headers, body })
        served?.catch(() => scheduler.at(random.between(1_000, 60_000), handIn))
      }
      scheduler.at(random.between(1_000, world.until), handIn)
    }
  }
}
