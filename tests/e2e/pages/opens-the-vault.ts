/** A page that does nothing but open the vault. */
import { connectToStation } from '../../../renderer/app/station-client.ts'
import { openVault } from '../../../sync/vault/vault.ts'

Object.assign(globalThis, { vault: openVault({ station: connectToStation() }).then(({ ok }) => ok) })
