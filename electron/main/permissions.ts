/** Permissions of the web platform: refused, but for the few the kiosk lives by, and those for our own pages alone. */
import type { Session } from 'electron'
import { isKioskUrl } from '../ipc/page-origin.ts'

/** Storage that Chromium may not evict (drafts and queue live in it); copying a text by the operator's own hand. */
const granted = new Set(['persistent-storage', 'clipboard-sanitized-write', 'fullscreen'])

export const mayHave = (permission: string, origin: string): boolean => granted.has(permission) && isKioskUrl(origin)

export const limitPermissions = (session: Session): void => {
  session.setPermissionRequestHandler((_contents, permission, callback, details) =>
    callback(mayHave(permission, details.requestingUrl)),
  )
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin) => mayHave(permission, requestingOrigin))
  session.setDevicePermissionHandler(() => false)
}
