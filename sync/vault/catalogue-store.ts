/**
 * The gateway's procedures as far as they have been fetched (contracts/catalogue.ts). They are public and lie in plain text.
 *
 * Invariants: a list is held once all it names is here or in the build; nothing that a former list named is taken away, for drafts may have
 * been begun with it.
 */
import { liveQuery } from 'dexie'
import { CatalogueList } from '../../contracts/catalogue.ts'
import { ok } from '../../contracts/result.ts'
import type { TramDatabase } from './database.ts'
import { guarded } from './store-faults.ts'
import type { CatalogueStore, CatalogueText, HeldCatalogue } from './vault-api.ts'

const listKey = 'catalogue'

export const createCatalogueStore = (database: TramDatabase): CatalogueStore => {
  const heldList = async () => (await database.meta.get(listKey))?.value

  const listUnder = async (sha256: string): Promise<CatalogueList | undefined> => {
    const row = await database.catalogue.get(sha256)
    return row && CatalogueList.parse(JSON.parse(row.text))
  }

  const read = (): Promise<HeldCatalogue | undefined> =>
    database.transaction('r', database.meta, database.catalogue, async () => {
      const sha256 = await heldList()
      const list = sha256 === undefined ? undefined : await listUnder(String(sha256))
      if (list === undefined) return undefined
      const documents: CatalogueText[] = []
      await database.catalogue.each(({ kind, ...document }) => void (kind === 'list' || documents.push({ kind, ...document })))
      return { list, documents }
    })

  return {
    list: (sha256) => guarded(() => listUnder(sha256)),
    missing: (wanted) =>
      guarded(async () => {
        const rows = await database.catalogue.bulkGet([...wanted])
        return wanted.filter((_, at) => rows[at] === undefined)
      }),
    keep: async (row) => {
      const kept = await guarded(() => database.catalogue.put(row))
      return kept.ok ? ok(undefined) : kept
    },
    complete: async (sha256, list) => {
      const completed = await guarded(() =>
        database.transaction('rw', database.meta, database.catalogue, async () => {
          await database.catalogue.filter((row) => row.kind === 'list' && row.sha256 !== sha256).delete()
          await database.catalogue.put({ sha256, kind: 'list', key: '', text: JSON.stringify(list) })
          await database.meta.put({ key: listKey, value: sha256 })
        }),
      )
      return completed.ok ? ok(undefined) : completed
    },
    observe: (listener) => {
      const query = liveQuery(heldList).subscribe({
        next: () => {
          void guarded(read).then((held) => listener(held.ok ? held.value : undefined))
        },
        error: () => listener(undefined),
      })
      return () => query.unsubscribe()
    },
  }
}
