/** Processor time of everything that descends from this process, by what it is: on a machine that others use too, the wall clock says little. */
import { readdirSync, readFileSync } from 'node:fs'

const ticksPerSecond = 100

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

const kindOf = (commandLine: string): string => {
  if (commandLine.startsWith('postgres')) return 'postgres'
  if (commandLine.includes('sync/gateway/main')) return 'gateway'
  if (commandLine.includes('electron/loopback')) return 'station'
  if (commandLine.includes('peer-server')) return 'server'
  if (commandLine.includes('--type=renderer')) return 'page'
  if (commandLine.includes('network.mojom')) return 'network'
  if (commandLine.includes('storage.mojom')) return 'storage'
  if (commandLine.includes('--type=')) return 'other'
  return commandLine.includes('--user-data-dir') ? 'browser' : /postgres/.test(commandLine) ? 'postgres' : 'other'
}

type Process = { parent: string; ticks: number }

const processOf = (pid: string): Process => {
  const [, , parent = '', ...rest] = ` ${read(`/proc/${pid}/stat`).split(') ')[1] ?? ''}`.split(' ')
  return { parent, ticks: Number(rest[9] ?? 0) + Number(rest[10] ?? 0) }
}

/** Milliseconds by kind, so far. */
export const processorTime = (): Map<string, number> => {
  const processes = new Map(readdirSync('/proc').flatMap((pid) => (/^\d+$/.test(pid) ? [[pid, processOf(pid)] as const] : [])))
  const isMine = (pid: string | undefined): boolean => {
    const parent = pid === undefined ? undefined : processes.get(pid)?.parent
    return parent !== undefined && (parent === String(process.pid) || isMine(parent))
  }
  const spent = new Map<string, number>()
  for (const [pid, { ticks }] of processes) {
    if (!isMine(pid)) continue
    const kind = kindOf(read(`/proc/${pid}/cmdline`).replaceAll('\0', ' '))
    spent.set(kind, (spent.get(kind) ?? 0) + (ticks * 1000) / ticksPerSecond)
  }
  return spent
}

/** What was spent since, in milliseconds for each of `count`, the most expensive first. */
export const processorTimeSince = (before: ReadonlyMap<string, number>, count: number): { kind: string; ms: number }[] =>
  [...processorTime()]
    .map(([kind, ms]) => ({ kind, ms: (ms - (before.get(kind) ?? 0)) / count }))
    .filter(({ ms }) => ms >= 0.05)
    .toSorted((a, b) => b.ms - a.ms)
