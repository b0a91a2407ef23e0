import path from 'node:path'
import { startEmbeddedPostgres } from '../../sync/gateway/storage/embedded-postgres.ts'
import { gatewayStorageContract } from './gateway-storage.contract.ts'

gatewayStorageContract('its own PostgreSQL', () => Promise.resolve({ options: {}, end: () => Promise.resolve() }))

// Another server, reached by address alone: the one of TRAM_TEST_DATABASE_URL (an empty database), else one started beside.
const external = process.env.TRAM_TEST_DATABASE_URL
gatewayStorageContract('another PostgreSQL', async (folder) => {
  if (external !== undefined) return { options: { databaseUrl: external }, end: () => Promise.resolve() }
  const server = await startEmbeddedPostgres({
    folder: path.join(folder, 'elsewhere'),
    secretFile: path.join(folder, 'elsewhere.json'),
    onUnexpectedExit: () => {
      throw new Error('PostgreSQL ended unexpectedly')
    },
  })
  return { options: { databaseUrl: server.url }, end: server.stop }
})
