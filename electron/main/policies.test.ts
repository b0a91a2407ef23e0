import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseShellOptions } from '../station/options.ts'
import { securityHeaders } from '../station/security-headers.ts'
import { isOwnDocument } from './downloads.ts'
import { mayRequest } from './egress.ts'
import { type Keystore, openKeystore } from './keystore-box.ts'
import { createKioskFiles, filePieces } from './kiosk-files.ts'
import { mayHave } from './permissions.ts'

const gateway = 'https://gateway.example'

describe('egress', () => {
  it.each([
    'tram://kiosk/index.html',
    'https://gateway.example/v1/updates?after=3',
    'wss://gateway.example/v1',
    'blob:tram://kiosk/7d1c',
    'data:image/png;base64,AA==',
  ])('lets %s through', (url) => expect(mayRequest(gateway, url)).toBe(true))

  it.each([
    'http://gateway.example/v1/updates',
    'https://gateway.example.evil.example/',
    'https://gateway.example:8443/',
    'https://evil.example/',
    'http://127.0.0.1:4810/',
    'file:///etc/passwd',
    'ftp://gateway.example/',
    'tram://other/',
    'blob:https://evil.example/7d1c',
    'nothing',
  ])('stops %s', (url) => expect(mayRequest(gateway, url)).toBe(false))
})

describe('permissions', () => {
  it('keeps the store from eviction, for our own pages', () => {
    expect(mayHave('persistent-storage', 'tram://kiosk/')).toBe(true)
    expect(mayHave('persistent-storage', 'https://evil.example/')).toBe(false)
  })
  it('lets our own pages see a paper by a camera, and hears nobody', () => {
    expect(mayHave('media', 'tram://kiosk/', ['video'])).toBe(true)
    expect(mayHave('media', 'tram://kiosk/', ['video', 'audio'])).toBe(false)
    expect(mayHave('media', 'https://evil.example/', ['video'])).toBe(false)
  })
  it.each([
    'media',
    'geolocation',
    'notifications',
    'midi',
    'openExternal',
    'hid',
    'serial',
    'usb',
    'clipboard-read',
    'display-capture',
    'unknown',
  ])('refuses %s', (permission) => expect(mayHave(permission, 'tram://kiosk/')).toBe(false))
})

describe('downloads', () => {
  it('are documents the page made', () => {
    expect(isOwnDocument('blob:tram://kiosk/0b0c')).toBe(true)
    expect(isOwnDocument('https://gateway.example/file')).toBe(false)
    expect(isOwnDocument('blob:https://evil.example/0b0c')).toBe(false)
  })
})

describe('the keystore', () => {
  const keystore = (backend: string | undefined, available = true): Keystore => ({
    isEncryptionAvailable: () => available,
    encryptString: (text) => Buffer.from(`sealed ${text}`),
    decryptString: (sealed) => sealed.toString().slice('sealed '.length),
    ...(backend === undefined ? {} : { getSelectedStorageBackend: () => backend }),
  })

  it.each<[string | undefined, NodeJS.Platform, boolean, string]>([
    ['gnome_libsecret', 'linux', true, 'os-keystore'],
    ['kwallet6', 'linux', true, 'os-keystore'],
    ['basic_text', 'linux', true, 'file'],
    ['unknown', 'linux', true, 'file'],
    [undefined, 'linux', true, 'file'],
    ['gnome_libsecret', 'linux', false, 'file'],
    [undefined, 'win32', true, 'os-keystore'],
    [undefined, 'darwin', true, 'os-keystore'],
    [undefined, 'win32', false, 'file'],
  ])('%s on %s (available: %s) is %s', (backend, platform, available, protection) => {
    expect(openKeystore(keystore(backend, available), platform)?.protection ?? 'file').toBe(protection)
  })

  it('gives any bytes back', async () => {
    const box = openKeystore(keystore('gnome_libsecret'), 'linux')
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const sealed = (await box?.seal(bytes)) ?? new Uint8Array()
        expect(new Uint8Array((await box?.open(sealed)) ?? [])).toEqual(bytes)
      }),
      { seed: 1 },
    )
  })
})

describe('the files of the kiosk', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tram-files-'))
    await mkdir(join(folder, 'pages/assets'), { recursive: true })
    await writeFile(join(folder, 'pages/index.html'), '<!doctype html>')
    await writeFile(join(folder, 'pages/assets/app-1.js'), '1')
    await writeFile(join(folder, 'pages/notes.key'), 'no type')
    await writeFile(join(folder, 'secret.js'), 'outside')
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  const get = (url: string, method = 'GET') => createKioskFiles(join(folder, 'pages'), securityHeaders(gateway))({ url, method })

  it('are served with their type and the strict headers', async () => {
    const page = await get('tram://kiosk/')
    expect([page.status, page.headers.get('content-type'), await page.text()]).toEqual([
      200,
      'text/html; charset=utf-8',
      '<!doctype html>',
    ])
    expect(page.headers.get('content-security-policy')).toContain(`connect-src 'self' ${gateway};`)
    expect((await get('tram://kiosk/assets/app-1.js?v=1')).headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  })

  it.each([
    'tram://kiosk/../secret.js',
    'tram://kiosk/%2e%2e/secret.js',
    'tram://kiosk/..%2fsecret.js',
    'tram://kiosk/assets/..%2f..%2f..%2fsecret.js',
    'tram://kiosk/%2e%2e%5csecret.js',
    'tram://kiosk/assets//app-1.js',
    'tram://kiosk/notes.key',
    'tram://kiosk/nothing.js',
    'tram://kiosk/assets',
    'tram://kiosk/%',
    'tram://kiosk/app%00.js',
    'tram://other/index.html',
    'file:///etc/hostname',
  ])('are nowhere else: %s', async (url) => expect((await get(url)).status).toBe(404))

  it('are only read', async () => {
    expect((await get('tram://kiosk/', 'POST')).status).toBe(405)
    expect(await (await get('tram://kiosk/', 'HEAD')).text()).toBe('')
  })

  it('never have a piece that climbs, whatever the spelling', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('..', '.', '%2e', '%2E%2e', '/', '%2f', '%5c', '\\', 'a', 'a.js', '%00', '%25', ':')),
        (parts) => {
          const pieces = filePieces(`tram://kiosk/${parts.join('')}`) ?? []
          for (const piece of pieces) expect(piece).toMatch(/^[A-Za-z0-9_@~-][A-Za-z0-9_.@~-]*$/)
        },
      ),
      { seed: 1, numRuns: 500 },
    )
  })
})

describe('the command line', () => {
  const needed = ['--data', '/tmp/x', '--gateway', gateway]
  it('is read beside the switches of Chromium', () => {
    const words = [
      '--no-sandbox',
      '--remote-debugging-port=0',
      'dist/electron',
      ...needed,
      '--readers',
      'simulated',
      '--windowed',
    ]
    expect(parseShellOptions(words, false)).toMatchObject({
      ok: true,
      value: { readers: 'simulated', windowed: true, data: '/tmp/x' },
    })
  })
  it('takes nothing unknown where it is ours alone', () => {
    expect(parseShellOptions([...needed, '--reader', 'pcsc'], true)).toMatchObject({ ok: false })
    expect(parseShellOptions([...needed, 'more'], true)).toMatchObject({ ok: false })
  })
  it.each([[['--data', '/tmp/x']], [[...needed, '--port', '80']], [[...needed, '--readers', 'none']]])('refuses %j', (words) => {
    expect(parseShellOptions(words, true)).toMatchObject({ ok: false, error: { type: 'options-invalid' } })
  })
  it('tells the name of what is wrong, not what was typed', () => {
    const answer = parseShellOptions([...needed, '--port', 'typed'], true)
    expect(JSON.stringify(answer)).toContain('--port')
    expect(JSON.stringify(answer)).not.toContain('typed')
  })
})
