import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockFolder } from './folder-lock.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tram-lock-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const leave = (holder: unknown) => writeFile(path.join(folder, 'gateway.lock'), JSON.stringify(holder))

describe('the lock of a data folder', () => {
  it('is held once and free again after its release', async () => {
    const first = await lockFolder(folder)
    expect(await lockFolder(folder)).toMatchObject({ ok: false, error: { type: 'folder-in-use' } })
    if (first.ok) await first.value.release()
    const again = await lockFolder(folder)
    expect(again.ok).toBe(true)
    if (again.ok) await again.value.release()
  })

  it.each([
    ['of a process that is gone', { pid: 2 ** 22 - 3, startedAt: '1' }],
    ['whose process id went to somebody else', { pid: 1, startedAt: 'never' }],
    ['that is garbage', 'x'],
  ])('gives way when it is one %s', async (_name, holder) => {
    await leave(holder)
    const taken = await lockFolder(folder)
    expect(taken.ok).toBe(true)
    if (taken.ok) await taken.value.release()
  })

  it('holds while its process lives', async () => {
    const child = spawn(process.execPath, [
      '-e',
      `
      const { readFileSync, writeFileSync } = require('node:fs')
      const stat = readFileSync('/proc/self/stat', 'utf8')
      const startedAt = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
      writeFileSync(process.argv[1], JSON.stringify({ pid: process.pid, startedAt }))
      console.log('written')
      setInterval(() => {}, 1000)`,
      path.join(folder, 'gateway.lock'),
    ])
    await new Promise((resolve) => child.stdout.once('data', resolve))
    expect(await lockFolder(folder)).toEqual({ ok: false, error: { type: 'folder-in-use', pid: child.pid } })
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
    expect((await lockFolder(folder)).ok).toBe(true)
  })
})
