/** Where the kiosk's session may send a request at all: to its own files and to its gateway. Chromium itself gets no further. */
import type { Session } from 'electron'
import { isKioskUrl } from '../ipc/page-origin.ts'

const socketOrigin = (gatewayUrl: string): string => gatewayUrl.replace(/^http/, 'ws')

export const mayRequest = (gatewayUrl: string, text: string): boolean => {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return false
  }
  if (url.protocol === 'blob:') return isKioskUrl(url.pathname)
  if (url.protocol === 'data:') return true
  // Chromium's own parts: its PDF viewer and developer tools.
  if (url.protocol === 'chrome-extension:' || url.protocol === 'chrome:' || url.protocol === 'devtools:') return true
  return isKioskUrl(text) || url.origin === gatewayUrl || url.origin === socketOrigin(gatewayUrl)
}

export const limitEgress = (session: Session, gatewayUrl: string): void => {
  session.webRequest.onBeforeRequest((details, callback) => callback({ cancel: !mayRequest(gatewayUrl, details.url) }))
  // A dictionary would be fetched from elsewhere, and what is typed here is personal.
  session.setSpellCheckerEnabled(false)
}
