/** What the gateway needs of a PostgreSQL, whoever runs it: its own embedded one and any other through DATABASE_URL. */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PacketAnswer, UpdatesAnswer } from '../../contracts/gateway-api.ts'
import { type Gateway, type GatewayOptions, startGateway } from '../../sync/gateway/gateway.ts'
import { enrolSpecimenStation, type SpecimenStation } from '../../sync/gateway/specimen-station.ts'

export function gatewayStorageContract(
  name: string,
  provide: (folder: string) => Promise<{ options: Pick<GatewayOptions, 'databaseUrl'>; end(): Promise<void> }>,
): void {
  describe(`gateway storage: ${name}`, () => {
    let folder: string
    let storage: Awaited<ReturnType<typeof provide>>
    let gateway: Gateway
    let station: SpecimenStation
    const start = (port?: number) =>
      startGateway({
        dataFolder: path.join(folder, 'data'),
        mode: 'demo',
        ...storage.options,
        ...(port === undefined ? {} : { port }),
      })

    beforeAll(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), 'tram-storage-'))
      await chmod(folder, 0o711)
      storage = await provide(folder)
      gateway = await start()
      const { code } = await gateway.createEnrolmentCode({ pointName: 'Điểm mẫu', stationName: 'Quầy mẫu', demo: true })
      station = await enrolSpecimenStation(gateway.url, code, true)
    })
    afterAll(async () => {
      await gateway?.stop()
      await storage?.end()
      await rm(folder, { recursive: true, force: true })
    })

    const answer = async (packetId: string) => PacketAnswer.parse(await (await station.call(`/v1/packets/${packetId}`)).json())
    const accepted = async (packetId: string) => {
      for (let attempt = 0; attempt < 200; attempt += 1) {
        const now = await answer(packetId)
        if (now.state === 'accepted') return now
        await new Promise((resolve) => setTimeout(resolve, 25))
      }
      throw new Error('not accepted in time')
    }

    it('is durable: what a commit acknowledged was written to disk', async () => {
      for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit']) {
        const { rows } = await sql<{ value: string }>`SELECT current_setting(${setting}) AS value`.execute(gateway.database)
        expect([setting, rows[0]?.value]).toEqual([setting, 'on'])
      }
    })

    it('keeps Vietnamese texts as they are, mark for mark', async () => {
      const text = 'Nguyễn Thị Ẳnh – Bưu điện Mường Ảng, quầy số hai'
      const { code } = await gateway.createEnrolmentCode({
        pointName: text,
        stationName: text.normalize('NFD'),
        pointPlace: text,
        demo: true,
      })
      const { enrolment } = await enrolSpecimenStation(gateway.url, code, true)
      expect([enrolment.pointName, enrolment.stationName, enrolment.pointPlace]).toEqual([text, text.normalize('NFD'), text])
    })

    it('makes one row of one packet sent 20 times at once, and numbers the updates without a gap', async () => {
      const sealed = await station.seal()
      const statuses = await Promise.all(
        Array.from({ length: 20 }, async () => (await station.put(sealed.packetId, sealed.packet)).status),
      )
      expect(new Set(statuses)).toEqual(new Set([200]))
      const more = await Promise.all(Array.from({ length: 6 }, () => station.seal()))
      await Promise.all(more.map((each) => station.deliver(each)))
      await Promise.all(more.map((each) => accepted(each.packetId)))
      const { updates } = UpdatesAnswer.parse(await (await station.call('/v1/updates')).json())
      // The specimens are all about one child, so beside receipt and code the notice of doubles is an update too.
      expect(updates.length).toBeGreaterThanOrEqual(12)
      expect(updates.map((update) => update.cursor)).toEqual(updates.map((_, index) => index + 1))
      const codes = updates.flatMap((update) => (update.packet.official === undefined ? [] : [update.packet.official.code]))
      expect(new Set(codes).size).toBe(6)
    })

    it('says the same of a packet after a restart, receipt and code included', async () => {
      const sealed = await station.seal()
      await station.deliver(sealed)
      const before = await accepted(sealed.packetId)
      const port = Number(new URL(gateway.url).port)
      await gateway.stop()
      gateway = await start(port)
      expect(await answer(sealed.packetId)).toEqual(before)
      const repeat = await station.put(sealed.packetId, sealed.packet)
      expect(PacketAnswer.parse(await repeat.json())).toEqual(before)
    })
  })
}
