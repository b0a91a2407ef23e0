/** A page that opens the vault and writes a row now and then, strictly, as the vault's own are. */
import { connectToStation } from '../../../renderer/app/station-client.ts'
import { openVault } from '../../../sync/vault/vault.ts'

const vault = openVault({ station: connectToStation() }).then(({ ok }) => ok)

const meta = async (run: (store: IDBObjectStore) => IDBRequest): Promise<unknown> => {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open('tram')
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
  write: (key: string) => meta((store) => store.put({ key, value: 'x'.repeat(500) })),
  written: () => meta((store) => store.getAllKeys(IDBKeyRange.bound('row-', 'row-~'))),
})
