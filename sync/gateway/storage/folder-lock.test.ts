import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockFolder } from './folder-lock.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tram-lock-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const inUse = { ok: false, error: { type: 'folder-in-use' } }

/** A process that asks at the given time, says what it got, and lives on. */
const askElsewhere = async (at = 0): Promise<{ child: ChildProcess; got: string }> => {
  const module = path.join(import.meta.dirname, 'folder-lock.ts')
  const code = `
    const { lockFolder } = await import(${JSON.stringify(module)})
    while (Date.now() < ${at}) {}
    console.log(lockFolder(${JSON.stringify(folder)}).ok ? 'held' : 'refused')
    setInterval(() => gc(), 10)`
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const got = await new Promise<string>((resolve) => child.stdout.once('data', (line) => resolve(String(line).trim())))
  return { child, got }
}
const kill = async (child: ChildProcess) => {
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}

describe('the lock of a data folder', () => {
  it('is held once and free again after its release', async () => {
    const first = lockFolder(folder)
    expect(lockFolder(folder)).toEqual(inUse)
    if (first.ok) first.value.release()
    const again = lockFolder(folder)
    expect(again.ok).toBe(true)
    if (again.ok) again.value.release()
    expect(await readdir(folder)).toEqual(['gateway-lock.sqlite'])
  })

  it('holds while its process lives, and no longer, however that ends', async () => {
    const { child, got } = await askElsewhere()
    expect(got).toBe('held')
    // Nobody refers to it there any more, and the collector has been.
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(lockFolder(folder)).toEqual(inUse)
    await kill(child)
    const taken = lockFolder(folder)
    expect(taken.ok).toBe(true)
    if (taken.ok) taken.value.release()
  })

  it('goes to one of those who ask in the same moment', async () => {
    const at = Date.now() + 1_000
    const asked = await Promise.all(Array.from({ length: 4 }, () => askElsewhere(at)))
    await Promise.all(asked.map(({ child }) => kill(child)))
    expect(asked.map(({ got }) => got).toSorted()).toEqual(['held', 'refused', 'refused', 'refused'])
  })
})
