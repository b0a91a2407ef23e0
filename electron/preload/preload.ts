/** The preload of every kiosk page: sandboxed, isolated from the page's world. It runs only in our own top frame. */
import { contextBridge, ipcRenderer } from 'electron'
import { createStationBridge } from './station-bridge.ts'

contextBridge.exposeInMainWorld('tram', createStationBridge(ipcRenderer))
