/** Channel `tram:station-event`: what the station tells its pages. Only a page at our own origin is told. */
import type { Station } from '../station/station.ts'
import { stationEventChannel } from './channel-names.ts'
import { isKioskUrl } from './page-origin.ts'

export type EventReceiver = { isDestroyed(): boolean; getURL(): string; send(channel: string, event: unknown): void }

export const forwardStationEvents = (station: Station, pages: () => EventReceiver[]): (() => void) =>
  station.onEvent((event) => {
    for (const page of pages()) {
      if (!page.isDestroyed() && isKioskUrl(page.getURL())) page.send(stationEventChannel, event)
    }
  })
