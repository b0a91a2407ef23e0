/** Permissions of the web platform: refused, but for the few the kiosk lives by, and those for our own pages alone. */
import type { Session } from 'electron'
import { isKioskUrl } from '../ipc/page-origin.ts'

/** Storage that Chromium may not evict (drafts and queue live in it); copying a text by the operator's own hand. */
const granted = new Set(['persistent-storage', 'clipboard-sanitized-write', 'fullscreen'])

/** `media`: what would be seen and heard; a camera for papers, never a microphone. */
export const mayHave = (permission: string, origin: string, media: readonly string[] = []): boolean =>
  isKioskUrl(origin) &&
  (granted.has(permission) || (permission === 'media' && media.length > 0 && media.every((each) => each === 'video')))

export const limitPermissions = (session: Session): void => {
  session.setPermissionRequestHandler((_contents, permission, callback, details) =>
    callback(mayHave(permission, details.requestingUrl, 'mediaTypes' in details ? details.mediaTypes : [])),
  )
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin, details) =>
    mayHave(permission, requestingOrigin, details.mediaType === undefined ? [] : [details.mediaType]),
  )
  session.setDevicePermissionHandler(() => false)
}
