/**
 * Keeps the kiosk's pages, so that a reload opens them while the station is dead. Never keeps an answer of the station or the gateway:
 * only the precached files are answered here, everything else goes to the network untouched.
 */
import { cleanupOutdatedCaches, createHandlerBoundToURL, type PrecacheEntry, precacheAndRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (PrecacheEntry | string)[] }

precacheAndRoute(self.__WB_MANIFEST)
cleanupOutdatedCaches()

const page = createHandlerBoundToURL('index.html')
// Matched against path and search: a launch address carries its token after a question mark.
registerRoute(new NavigationRoute(page, { denylist: [/^\/(station|launch)(?![\w-])/] }))

self.addEventListener('install', () => {
  void self.skipWaiting()
})
self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim())
})
