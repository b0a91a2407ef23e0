/** What leaves the page as a file: documents it made itself (a slip), saved where the operator says. Anything else is stopped. */
import type { Session } from 'electron'

export const isOwnDocument = (url: string): boolean => url.startsWith('blob:tram://kiosk/')

export const limitDownloads = (session: Session, onFault: (reason: string) => void): void => {
  session.on('will-download', (event, item) => {
    if (isOwnDocument(item.getURL())) return
    event.preventDefault()
    onFault('download')
  })
}
