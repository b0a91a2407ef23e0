/**
 * The operating system's keystore through Electron's safeStorage, where it truly is one. On Linux without a keyring Chromium falls back
 * to `basic_text`, a password that is in its source: that protects nothing, so it is not used and not claimed.
 */
import type { SafeStorage } from 'electron'
import { plainFileBox, type SecretBox } from '../station/secret-store.ts'

const realBackends = new Set(['gnome_libsecret', 'kwallet', 'kwallet5', 'kwallet6'])

/** Older releases do not say which backend they use: then it is not believed. */
const hasRealKeystore = (safeStorage: SafeStorage, platform: NodeJS.Platform): boolean => {
  if (!safeStorage.isEncryptionAvailable()) return false
  if (platform !== 'linux') return true
  return typeof safeStorage.getSelectedStorageBackend === 'function' && realBackends.has(safeStorage.getSelectedStorageBackend())
}

export const chooseSecretBox = (safeStorage: SafeStorage, platform: NodeJS.Platform): SecretBox => {
  if (!hasRealKeystore(safeStorage, platform)) return plainFileBox
  return {
    protection: 'os-keystore',
    seal: (plain) => safeStorage.encryptString(Buffer.from(plain).toString('base64')),
    open: (sealed) => Buffer.from(safeStorage.decryptString(Buffer.from(sealed)), 'base64'),
  }
}
