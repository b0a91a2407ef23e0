/** How often one address may fail: so many failures in a window, then nothing until it has passed. Kept in memory only. */
export type AttemptLimit = { secondsToWait(address: string): number; failed(address: string): void }

export function createAttemptLimit(options: { failures: number; windowMs: number; now?: () => number }): AttemptLimit {
  const now = options.now ?? Date.now
  const failuresByAddress = new Map<string, { count: number; until: number }>()
  const forgetOld = () => {
    for (const [address, { until }] of failuresByAddress) if (until <= now()) failuresByAddress.delete(address)
  }
  return {
    secondsToWait: (address) => {
      const known = failuresByAddress.get(address)
      if (known === undefined || known.until <= now() || known.count < options.failures) return 0
      return Math.ceil((known.until - now()) / 1000)
    },
    failed: (address) => {
      if (failuresByAddress.size > 10_000) forgetOld()
      const known = failuresByAddress.get(address)
      if (known === undefined || known.until <= now())
        failuresByAddress.set(address, { count: 1, until: now() + options.windowMs })
      else known.count += 1
    },
  }
}
