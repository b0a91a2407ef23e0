/** What the benchmark asks of each contestant beside its page: kiosks that come and go, and a server that counts. */
import type { BareChromium } from '../../fixtures/bare-chromium.ts'

/** A kiosk at work: its browser, and whatever else runs on its machine. */
export type Kiosk = { browser: BareChromium; kill(): Promise<void>; close(): Promise<void> }

/** A contestant's server with its pages; kiosks come and go. */
export type Rig = {
  serverUrl: string
  /** Dossiers which are whole and durable there. */
  received(): Promise<number>
  /** Everything the kiosk writes lies in the folder. The page is open, `bench` is there. */
  openKiosk(folder: string): Promise<Kiosk>
  /** Idempotent: a bench of days without a network stops the server before its kiosks. */
  stop(): Promise<void>
}

export type Contestant = {
  name: string
  title: string
  durability: 'strict' | 'relaxed'
  /** What it does not do, in words, for the table. */
  lacks: string
  start(place: { folder: string; pages: string }): Promise<Rig>
}
