/** Only where the pages come over http(s): Electron serves them itself. */
export const registerServiceWorker = (): void => {
  if (!('serviceWorker' in navigator) || !location.protocol.startsWith('http')) return
  void navigator.serviceWorker
    .register(new URL('/service-worker.js', location.href), { updateViaCache: 'none' })
    .catch(() => undefined)
}
