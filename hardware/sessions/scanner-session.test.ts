/** A link that does not answer: told as a fault within its time, and looked for again once the system has answered. */
import { expect, it } from 'vitest'
import { ok, type Result } from '../../contracts/result.ts'
import type { ScanFailure, ScannerStatus } from '../../contracts/scan.ts'
import { openScannerSession, type ScannerLink } from './scanner-session.ts'

it('ends the wait for a port that neither opens nor refuses', async () => {
  const statuses: ScannerStatus[] = []
  const pending: ((link: Result<ScannerLink, ScanFailure>) => void)[] = []
  let closedLate = 0
  const session = openScannerSession({
    configuration: { type: 'none' },
    openLink: () => new Promise((resolve) => pending.push(resolve)),
    linkMs: 300,
    retryMs: 1,
  })({ onStatus: (status) => statuses.push(status), onScan: () => {} })
  await expect.poll(() => statuses.at(-1)?.failure?.type).toBe('scanner-failed')
  expect(pending.length).toBe(1)
  // It opens too late: nobody's link any more, closed; the next one is taken.
  pending[0]?.(
    ok({
      name: 'late',
      close: async () => {
        closedLate += 1
      },
    }),
  )
  await expect.poll(() => pending.length).toBe(2)
  expect(closedLate).toBe(1)
  pending[1]?.(ok({ name: 'second', close: () => new Promise(() => {}) }))
  await expect.poll(() => statuses.at(-1)).toMatchObject({ state: 'ready', name: 'second' })
  // And a link that never ends closing does not keep the station.
  await session.close()
})
