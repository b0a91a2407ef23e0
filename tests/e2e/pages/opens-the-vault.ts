/** A page that opens the vault and writes a row now and then, strictly, as the vault's own are. */
import { z } from 'zod'
import { connectToStation } from '../../../renderer/app/station-client.ts'
import { openVault } from '../../../sync/vault/vault.ts'

const mended = new URLSearchParams(location.search).get('mended')
const vault = openVault({ station: connectToStation(), ...(mended === null ? {} : { mended }) }).then((opened) =>
  opened.ok ? true : opened.error.type,
)
/** Of the present store: the one made last. */
const present = async (): Promise<string> => {
  const names = (await indexedDB.databases()).flatMap(({ name }) => (name?.startsWith('tram') ? [name] : []))
  return names.toSorted().at(-1) ?? 'tram'
}

const meta = async (run: (store: IDBObjectStore) => IDBRequest): Promise<unknown> => {
  const name = await present()
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open(name)
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error ?? new Error('not opened'))
  })
  const transaction = database.transaction('meta', 'readwrite', { durability: 'strict' })
  const request = run(transaction.objectStore('meta'))
  await new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error ?? new Error('aborted'))
  })
  database.close()
  return request.result
}

Object.assign(globalThis, {
  vault,
  write: (key: string, length = 500) => meta((store) => store.put({ key, value: 'x'.repeat(length) })),
  read: async (key: string) => z.object({ value: z.string() }).parse(await meta((store) => store.get(key))).value,
  written: () => meta((store) => store.getAllKeys(IDBKeyRange.bound('row-', 'row-~'))),
})
