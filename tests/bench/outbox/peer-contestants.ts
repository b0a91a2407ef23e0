/** Raw IndexedDB and the peers: a browser and their own server. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startNodeUntil } from '../../../electron/start/child.ts'
import { startBareChromium } from '../../fixtures/bare-chromium.ts'
import type { Contestant, Rig } from './contestant.ts'

const startPeer =
  (name: string, server: 'files' | 'pouchdb') =>
  async ({ folder, pages }: { folder: string; pages: string }): Promise<Rig> => {
    const { child, ready: serverUrl } = await startNodeUntil(
      { name: `${name}'s server`, args: [join(import.meta.dirname, 'peer-server.ts'), server, join(folder, 'server'), pages] },
      (line) => /^ready (\S+)/.exec(line)?.[1],
    )
    return {
      serverUrl,
      received: async () => Number(await (await fetch(`${serverUrl}/received`)).text()),
      async openKiosk(kioskFolder) {
        const profile = join(kioskFolder, 'browser')
        mkdirSync(profile, { recursive: true })
        const browser = await startBareChromium({ profile })
        await browser.goto(`${serverUrl}/${name}.html`, 'globalThis.bench')
        return { browser, kill: browser.kill, close: browser.close }
      },
      stop: () => child.stop(),
    }
  }

export const peers: Contestant[] = [
  {
    name: 'raw',
    title: 'raw IndexedDB + raw fetch x 4 (the limit)',
    durability: 'strict',
    lacks: 'no encryption, no receipt, no retry, no idempotency',
    start: startPeer('raw', 'files'),
  },
  {
    name: 'pouchdb',
    title: 'PouchDB 9 to its own HTTP server',
    durability: 'relaxed',
    lacks: 'strict durability cannot be chosen; no encryption, no receipt',
    start: startPeer('pouchdb', 'pouchdb'),
  },
  {
    name: 'rxdb',
    title: "RxDB 17's HTTP replication on Dexie",
    durability: 'strict',
    lacks: 'no encryption (an add-on of CryptoJS), no receipt; binary as base64; sent documents stay',
    start: startPeer('rxdb', 'files'),
  },
  {
    name: 'workbox',
    title: 'workbox-background-sync 7',
    durability: 'relaxed',
    lacks: 'strict durability cannot be chosen; no encryption, no receipt; drops on any answer, and after 7 days',
    start: startPeer('workbox', 'files'),
  },
]
