/**
 * One-time launch tokens: whoever opens the kiosk's page proves by one that the station itself told them to. A token is random, kept only
 * as its hash, dies with its first use and after two minutes; a new one is made for each opening.
 */
import { createHash, randomBytes } from 'node:crypto'

const lifeMs = 120_000

export type LaunchTokens = {
  mint(): string
  /** True once for each token. */
  spend(token: string): boolean
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url')

/** @param now Milliseconds of a clock which nobody sets: the machine's own is set when the network comes, moments after a start. */
export const createLaunchTokens = (now: () => number): LaunchTokens => {
  const expiryByHash = new Map<string, number>()
  return {
    mint() {
      const token = randomBytes(32).toString('base64url')
      expiryByHash.set(hashOf(token), now() + lifeMs)
      return token
    },
    spend(token) {
      const hash = hashOf(token)
      const expiry = expiryByHash.get(hash)
      expiryByHash.delete(hash)
      return expiry !== undefined && now() < expiry
    },
  }
}
