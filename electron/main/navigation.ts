/** Pages stay at our own origin: no navigation away, no second window, no webview. */
import type { WebContents } from 'electron'
import { isKioskUrl } from '../ipc/page-origin.ts'

export const lockNavigation = (contents: WebContents, onFault: (reason: string) => void): void => {
  const hold = (event: { preventDefault(): void }, url: string, what: string): void => {
    if (isKioskUrl(url)) return
    event.preventDefault()
    onFault(what)
  }
  contents.on('will-navigate', (event, url) => hold(event, url, 'navigation'))
  contents.on('will-redirect', (event, url) => hold(event, url, 'redirect'))
  // A blob: document in a frame is a slip the page made itself; anything else in a frame is not ours.
  contents.on('will-frame-navigate', (event) => {
    if (event.isMainFrame || isKioskUrl(event.url) || event.url.startsWith('blob:tram://kiosk/')) return
    event.preventDefault()
    onFault('frame navigation')
  })
  contents.on('will-attach-webview', (event) => {
    event.preventDefault()
    onFault('webview')
  })
  contents.setWindowOpenHandler(() => {
    onFault('window')
    return { action: 'deny' }
  })
}
