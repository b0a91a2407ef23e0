/**
 * The operating system's keystore through Electron's safeStorage, where it truly is one. On Linux without a keyring Chromium falls back
 * to `basic_text`, a password that is in its source: that protects nothing, so it is not used and not claimed.
 */
import type { SafeStorage } from 'electron'
import type { SecretBox } from '../station/secret-store.ts'

const realBackends = new Set(['gnome_libsecret', 'kwallet', 'kwallet5', 'kwallet6'])

/** What a box needs of it. Releases before 26 cannot name their backend. */
export type Keystore = Pick<SafeStorage, 'isEncryptionAvailable' | 'encryptString' | 'decryptString'> & {
  getSelectedStorageBackend?(): string
}

/** Older releases do not say which backend they use: then it is not believed. */
const hasRealKeystore = (safeStorage: Keystore, platform: NodeJS.Platform): boolean => {
  if (!safeStorage.isEncryptionAvailable()) return false
  if (platform !== 'linux') return true
  return realBackends.has(safeStorage.getSelectedStorageBackend?.() ?? 'unknown')
}

export const openKeystore = (safeStorage: Keystore, platform: NodeJS.Platform): SecretBox | undefined => {
  if (!hasRealKeystore(safeStorage, platform)) return undefined
  return {
    protection: 'os-keystore',
    seal: async (plain) => safeStorage.encryptString(Buffer.from(plain).toString('base64')),
    open: async (sealed) => Buffer.from(safeStorage.decryptString(Buffer.from(sealed)), 'base64'),
  }
}
