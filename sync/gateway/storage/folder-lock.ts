/**
 * One gateway for one data folder.
 *
 * Invariants: a lock left by a killed process does not hold (its process id together with the process's start time is
 * looked at), a lock of a living one always does.
 */
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { err, ok, type Result } from '../../../contracts/result.ts'
import { removeFile } from './durable-file.ts'

const Holder = z.object({ pid: z.number().int().positive(), startedAt: z.string() })

/** Field 22 of /proc/PID/stat; the command in field 2 may hold blanks, so count from its closing bracket. */
async function startOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

const heldHere = new Set<string>()

export async function lockFolder(
  folder: string,
): Promise<Result<{ release(): Promise<void> }, { type: 'folder-in-use'; pid: number }>> {
  const file = path.join(folder, 'gateway.lock')
  if (heldHere.has(file)) return err({ type: 'folder-in-use', pid: process.pid })
  heldHere.add(file)
  const mine = JSON.stringify({ pid: process.pid, startedAt: (await startOf(process.pid)) ?? '' })
  for (;;) {
    const taken = await writeFile(file, mine, { flag: 'wx', mode: 0o600 }).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false
        heldHere.delete(file)
        throw error
      },
    )
    if (taken) break
    const text = await readFile(file, 'utf8').catch(() => '')
    const holder = Holder.safeParse(parseJson(text))
    if (holder.success && holder.data.pid !== process.pid && isAlive(holder.data.pid)) {
      const started = await startOf(holder.data.pid)
      if (started === undefined || started === holder.data.startedAt) {
        heldHere.delete(file)
        return err({ type: 'folder-in-use', pid: holder.data.pid })
      }
    }
    await removeFile(file)
  }
  return ok({
    release: async () => {
      heldHere.delete(file)
      await removeFile(file)
    },
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
