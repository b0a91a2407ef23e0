/**
 * Keeps what the browser's own store is made of. Chromium answers one damaged block of an IndexedDB by deleting all of it, at whatever
 * moment it reads that block; so every file of it is linked a second time beside the profile, as long as it belongs to the store. When the
 * store is found gone, what was kept is set aside, never deleted, and what can be read of it takes its place before the browser opens again.
 *
 * Invariants
 * - Nothing is copied and nothing is written to a file of the browser's: a link costs a name.
 * - What the browser let go of in the ordinary way is let go of here, `releaseAfterMs` (ten seconds) later: erasing stays erasing.
 * - A store that is gone is not followed: nothing kept is released once the MANIFEST is no longer the one that was kept or one after it.
 * - `mend` may be ended at any point and is carried to its end by the next one. It runs while no browser has the store open.
 * - A mended store that is gone again before it has lasted `provenAfterMs` (a minute) is not mended a second time.
 */
import { randomUUID } from 'node:crypto'
import { link, mkdir, readdir, rename, rm, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { openPrivateFolder, readIfThere, syncFolder, writeDurably } from '../station/durable-file.ts'
import type { ShellEvent } from '../station/fault-log.ts'
import { salvage } from './salvage.ts'

const ordinaryPace = { lookEveryMs: 2_000, releaseAfterMs: 10_000, provenAfterMs: 60_000 }
/** A second look before a store is called gone: a folder that changes while it is listed may show neither the old name nor the new. */
const lookAgainMs = 200

export type StoreGuardOptions = {
  /** The browser's folder of the origin, without its `.leveldb` or `.blob`. */
  store: string
  /** On the same disk as the store. */
  kept: string
  log: (event: ShellEvent) => void
  pace?: typeof ordinaryPace
}

export type StoreGuard = {
  /** Of the mending this store came out of, if it ever did: whoever opens it has rows to look for. */
  mended: string | undefined
  /** `onGone` is called once, when the store is gone while the browser runs. Its files are followed until `stop`. */
  watch(onGone: () => void): void
  /** Resolves when no file is touched any more. */
  stop(): Promise<void>
}

const Mending = z.object({ id: z.uuid(), aside: z.string() })
const Mended = z.object({ id: z.uuid(), proven: z.boolean() })

const readJson = async <T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> => {
  const bytes = await readIfThere(file)
  if (bytes === undefined) return undefined
  const parsed = schema.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')))
  return parsed.success ? parsed.data : undefined
}

const codeOf = (thrown: unknown): string => (thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown')
const hasCode = (thrown: unknown, ...codes: string[]): boolean => codes.includes(codeOf(thrown))

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (thrown: unknown) => {
      if (hasCode(thrown, 'ENOENT')) return false
      throw thrown
    },
  )

const list = async (folder: string) => {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT')) return []
    throw thrown
  }
}

/** Gone meanwhile, or linked already: both are as it should be. */
const linkOnce = (from: string, to: string): Promise<void> =>
  link(from, to).catch((thrown: unknown) => {
    if (!hasCode(thrown, 'ENOENT', 'EEXIST')) throw thrown
  })

const linkTree = async (from: string, to: string): Promise<void> => {
  await mkdir(to, { recursive: true, mode: 0o700 })
  for (const entry of await list(from)) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    await (entry.isDirectory() ? linkTree(source, target) : linkOnce(source, target))
  }
}

/** Of all a LevelDB's files those that hold something. */
const holdsData = (name: string) => /^(\d+\.(ldb|log)|MANIFEST-\d+)$/.test(name)

type Manifest = { number: number; inode: bigint }

const manifestOf = async (folder: string): Promise<Manifest | undefined> => {
  const numbers = (await list(folder)).flatMap(({ name }) => /^MANIFEST-(\d+)$/.exec(name)?.[1] ?? [])
  const latest = numbers.toSorted((a, b) => Number(a) - Number(b)).at(-1)
  if (latest === undefined) return undefined
  const found = await stat(join(folder, `MANIFEST-${latest}`), { bigint: true }).catch(() => undefined)
  return found && { number: Number(latest), inode: found.ino }
}

/** Links what is new in a folder and lets go of what has been missing from it for a while; folders in it likewise. */
const createFollower = (isOurs: (name: string) => boolean, { lookEveryMs, releaseAfterMs }: typeof ordinaryPace) => {
  const missingSince = new Map<string, number>()
  const seen = new Map<string, { changed: number; below: string[] }>()
  const follow = async (from: string, to: string, mayRelease: () => Promise<boolean>): Promise<void> => {
    const now = performance.now()
    const changed = await stat(from).then(
      ({ mtimeMs }) => mtimeMs,
      () => Number.NaN,
    )
    const waiting = [...missingSince.keys()].some((path) => path.startsWith(to))
    // Unchanged since a look that came clearly after the change: only the folders below may differ.
    const before = seen.get(from)
    if (before?.changed === changed && Date.now() - changed > 2 * lookEveryMs && !waiting) {
      for (const name of before.below) await follow(join(from, name), join(to, name), mayRelease)
      return
    }
    const live = await list(from)
    const keptEntries = await list(to)
    // A folder that was taken away whole lets go of what was in it.
    const below = new Set([...live, ...keptEntries].flatMap((entry) => (entry.isDirectory() ? entry.name : [])))
    for (const name of below) await follow(join(from, name), join(to, name), mayRelease)
    await mkdir(to, { recursive: true, mode: 0o700 })
    const names = new Set(live.flatMap((entry) => (entry.isFile() && isOurs(entry.name) ? entry.name : [])))
    const keptNames = new Set(keptEntries.flatMap((entry) => (entry.isFile() ? entry.name : [])))
    for (const name of names) if (!keptNames.has(name)) await linkOnce(join(from, name), join(to, name))
    // Not before all are linked: a look that failed half way is made again.
    seen.set(from, { changed, below: [...below] })
    const releasing: string[] = []
    for (const name of keptNames) {
      const path = join(to, name)
      if (names.has(name)) missingSince.delete(path)
      else if (!missingSince.has(path)) missingSince.set(path, now)
      else if (now - (missingSince.get(path) ?? now) >= releaseAfterMs) releasing.push(path)
    }
    if (releasing.length === 0 || !(await mayRelease())) return
    for (const path of releasing) {
      await unlink(path)
      missingSince.delete(path)
    }
  }
  return follow
}

/** Looks after the store before a browser opens it: one that is gone is mended from what was kept. Throws nothing: a kiosk opens without a guard, too. */
export const guardStore = async ({ store, kept, log, pace = ordinaryPace }: StoreGuardOptions): Promise<StoreGuard> => {
  const now = join(kept, 'now')
  const [live, liveBlobs] = [`${store}.leveldb`, `${store}.blob`]
  const [keptTables, keptBlobs] = [join(now, 'leveldb'), join(now, 'blob')]
  const [mendingFile, mendedFile, made] = [join(kept, 'mending.json'), join(kept, 'mended.json'), join(kept, 'mending')]

  const isGone = async (): Promise<boolean> => {
    const before = await manifestOf(keptTables)
    if (before === undefined) return false
    const present = await manifestOf(live)
    return present === undefined || (present.inode !== before.inode && present.number <= before.number)
  }

  const freeAside = async (): Promise<string> => {
    const numbers = (await list(kept)).map(({ name }) => Number(/^aside-(\d+)$/.exec(name)?.[1] ?? 0))
    return `aside-${Math.max(0, ...numbers) + 1}`
  }

  /** From the moment `mending.json` is on disk. */
  const place = async ({ id, aside }: z.output<typeof Mending>): Promise<void> => {
    const folder = join(kept, aside)
    if (await isThere(made)) {
      if (await isThere(now)) await rename(now, folder)
      const found = [join(folder, 'found-leveldb'), join(folder, 'found-blob')] as const
      if ((await isThere(live)) && !(await isThere(found[0]))) await rename(live, found[0])
      if ((await isThere(liveBlobs)) && !(await isThere(found[1]))) await rename(liveBlobs, found[1])
      await linkTree(join(folder, 'blob'), liveBlobs)
      await rename(made, live)
      await syncFolder(kept)
    }
    await writeDurably(mendedFile, JSON.stringify({ id, proven: false }))
    await rm(mendingFile)
  }

  const mend = async (): Promise<void> => {
    const begun = await readJson(mendingFile, Mending)
    if (begun !== undefined) {
      await place(begun)
      return
    }
    if (!(await isGone())) return
    const aside = await freeAside()
    const last = await readJson(mendedFile, Mended)
    if (last?.proven === false) {
      await rename(now, join(kept, aside))
      await rm(mendedFile)
      log({ event: 'store-not-mended', reason: 'gone again after it was mended', detail: aside })
      return
    }
    await rm(made, { recursive: true, force: true })
    const salvaged = await salvage(keptTables, made)
    const mending = { id: randomUUID(), aside }
    await writeDurably(mendingFile, JSON.stringify(mending))
    await place(mending)
    log({ event: 'store-mended', detail: `${aside}: ${salvaged.kept} entries kept, ${salvaged.damaged} pieces damaged` })
  }

  const [followTables, followBlobs] = [createFollower(holdsData, pace), createFollower(() => true, pace)]
  /** True when the store is gone. */
  const look = async (): Promise<boolean> => {
    if (await isGone()) {
      await new Promise((resolve) => setTimeout(resolve, lookAgainMs))
      if (await isGone()) return true
    }
    const isSame = async () => !(await isGone())
    // The blobs first: what a table speaks of is then there.
    await followBlobs(liveBlobs, keptBlobs, isSame)
    await followTables(live, keptTables, isSame)
    return false
  }

  const told = new Set<string>()
  /** A disk that is full now may have room at the next look. */
  const failed = (thrown: unknown): void => {
    const reason = codeOf(thrown)
    if (!told.has(reason)) log({ event: 'store-not-kept', reason })
    told.add(reason)
  }
  await openPrivateFolder(kept).then(mend).then(look).catch(failed)

  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> = Promise.resolve()
  return {
    mended: await readJson(mendedFile, Mended).then(
      (found) => found?.id,
      () => undefined,
    ),
    watch(onGone) {
      const began = performance.now()
      let proven = false
      const prove = async () => {
        proven = true
        const last = await readJson(mendedFile, Mended)
        if (last?.proven === false) await writeDurably(mendedFile, JSON.stringify({ ...last, proven: true }))
      }
      const lookOnce = async () => {
        const gone = await look()
        if (stopped) return
        if (gone) {
          log({ event: 'store-gone' })
          onGone()
          return
        }
        if (!proven && performance.now() - began >= pace.provenAfterMs) await prove()
        next()
      }
      const lookOn = (thrown: unknown) => {
        failed(thrown)
        if (!stopped) next()
      }
      const next = () => {
        timer = setTimeout(() => {
          looking = lookOnce().catch(lookOn)
        }, pace.lookEveryMs)
        timer.unref()
      }
      if (!stopped) next()
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await looking
    },
  }
}
