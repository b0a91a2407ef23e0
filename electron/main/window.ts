/** The kiosk's one window: isolated, sandboxed, without Node; full screen unless asked otherwise. */
import { BrowserWindow } from 'electron'
import { kioskOrigin } from '../ipc/page-origin.ts'

export const openKioskWindow = async (options: { preload: string; kiosk: boolean }): Promise<BrowserWindow> => {
  const window = new BrowserWindow({
    title: 'Trạm',
    width: 1366,
    height: 768,
    show: false,
    kiosk: options.kiosk,
    autoHideMenuBar: true,
    backgroundColor: '#ffffff',
    webPreferences: {
      preload: options.preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !options.kiosk,
      // The PDF viewer, for a slip before it is printed.
      plugins: true,
    },
  })
  window.removeMenu()
  window.once('ready-to-show', () => window.show())
  await window.loadURL(`${kioskOrigin}/`)
  return window
}
