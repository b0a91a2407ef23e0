/** Trạm as it is shipped: gateway with its own PostgreSQL, loopback station, the vault and the sync client in the page. */
import { chmodSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { guardStore } from '../../../electron/browser-store/store-guard.ts'
import { startGatewayProgram, startLoopbackProgram } from '../../../electron/start/programs.ts'
import { databaseUrlFile } from '../../../sync/gateway/gateway.ts'
import { openDatabase } from '../../../sync/gateway/storage/database.ts'
import { startBareChromium } from '../../fixtures/bare-chromium.ts'
import { freePort } from '../../fixtures/free-port.ts'
import type { Contestant, Rig } from './contestant.ts'

async function start({ folder, pages }: { folder: string; pages: string }): Promise<Rig> {
  const dataFolder = join(folder, 'gateway')
  // PostgreSQL's own user must be able to pass through.
  chmodSync(folder, 0o755)
  const [gatewayPort, kioskPort] = [await freePort(), await freePort()]
  const kioskUrl = `http://127.0.0.1:${kioskPort}`
  const gateway = await startGatewayProgram({ dataFolder, port: gatewayPort, mode: 'demo', origins: [kioskUrl] })
  const database = openDatabase(readFileSync(databaseUrlFile(dataFolder), 'utf8'), () => undefined)
  let stopped: Promise<void> | undefined
  return {
    serverUrl: gateway.url,
    async received() {
      const { count } = await database
        .selectFrom('packets')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('received_at', 'is not', null)
        .executeTakeFirstOrThrow()
      return Number(count)
    },
    async openKiosk(kioskFolder) {
      const profile = join(kioskFolder, 'browser')
      const guard = await guardStore({
        store: join(profile, 'Default/IndexedDB', `http_127.0.0.1_${kioskPort}.indexeddb`),
        kept: join(kioskFolder, 'store-kept'),
        log: (event) => console.log(JSON.stringify(event)),
      })
      const enrolment = { pointName: 'Bưu điện Thử Nghiệm', stationName: 'Quầy 2', demo: true }
      const station = await startLoopbackProgram({
        dataFolder: join(kioskFolder, 'station'),
        gatewayUrl: gateway.url,
        port: kioskPort,
        readers: 'simulated',
        pages,
        enrolmentCode: await gateway.enrolmentCode(enrolment),
      })
      mkdirSync(profile, { recursive: true })
      const browser = await startBareChromium({ profile })
      guard.watch(() => undefined)
      // The launch address gives the page its cookie; the kiosk itself opens, and is left for the benchmark's page.
      await browser.goto(station.launchUrl, "location.pathname === '/' && document.readyState === 'complete'")
      await browser.goto(`${kioskUrl}/tram.html`, 'globalThis.bench')
      return {
        browser,
        async kill() {
          station.process.kill('SIGKILL')
          await Promise.all([browser.kill(), guard.stop()])
          await station.ended
        },
        async close() {
          await Promise.all([browser.close(), guard.stop()])
          await station.stop()
        },
      }
    },
    stop: () => {
      stopped ??= database.destroy().then(() => gateway.stop())
      return stopped
    },
  }
}

export const tram: Contestant = {
  name: 'tram',
  title: 'Trạm',
  durability: 'strict',
  lacks: '(encrypts, signs, verifies; signed receipts; exactly once)',
  start,
}
