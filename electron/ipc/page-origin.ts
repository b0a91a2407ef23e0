/** The kiosk's own origin in Electron, and who may call itself by it. */
export const kioskScheme = 'tram'
export const kioskHost = 'kiosk'
export const kioskOrigin = `${kioskScheme}://${kioskHost}`

/** Exactly our scheme and host: Node gives a custom scheme's origin as 'null', so parts are compared. */
export const isKioskUrl = (text: string): boolean => {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return false
  }
  return url.protocol === `${kioskScheme}:` && url.host === kioskHost && url.username === '' && url.password === ''
}
