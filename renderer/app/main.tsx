/** The composition root of the page: station, store, sync client, screens. */
import '@fontsource-variable/noto-sans/wght.css'
import '@fontsource/be-vietnam-pro/latin-700.css'
import '@fontsource/be-vietnam-pro/vietnamese-700.css'
import '../ui/base.css'
import './entry.css'
import './workspace.css'
import './home.css'
import '../wizard/dossier.css'
import '../papers/papers.css'
import '../card/card.css'
import '../outbox/outbox.css'
import '../slip/slip.css'
import './print.css'
import { createRoot } from 'react-dom/client'
import { createSyncClient } from '../../sync/client/sync-client.ts'
import { openVault } from '../../sync/vault/vault.ts'
import { activateStoredLocale } from '../locales/locale.ts'
import { installReactAriaStrings } from '../locales/react-aria-strings.ts'
import { App } from './app.tsx'
import { showAppearance } from './appearance.ts'
import { flushAll } from './flushers.ts'
import { registerServiceWorker } from './register-service-worker.ts'
import { claimWindow } from './single-window.ts'
import { startWhenIdle } from './start-when-idle.ts'
import { connectToStation } from './station-client.ts'
import { stretchInWorker } from './stretch-in-worker.ts'

installReactAriaStrings()
await activateStoredLocale()
showAppearance()
registerServiceWorker()
void navigator.storage?.persist?.()

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
createRoot(root).render(
  <App
    services={{
      station: connectToStation(),
      openVault: (options) => openVault({ ...options, stretch: stretchInWorker }),
      createSyncClient: (options) => startWhenIdle(createSyncClient(options)),
      claimWindow: () => claimWindow(navigator.locks),
      flush: flushAll,
    }}
  />,
)
