/**
 * A shared secret with the gateway, made ahead for the next packet: the costliest part of sealing knows nothing of a dossier, so no clerk
 * waits for it. Invariants: each serves one packet; one that was made for a key the gateway has rotated since is thrown away.
 */
import type { GatewayKeys } from '../../contracts/gateway-api.ts'
import type { Result } from '../../contracts/result.ts'
import { type Encapsulation, encapsulate } from '../packet/packet-codec.ts'

type Made = Promise<Result<Encapsulation, { type: 'gateway-key-invalid'; detail: string }>>

export const createEncapsulations = () => {
  let ahead: { recipient: GatewayKeys['sealing']; made: Made } | undefined

  const isFor = (recipient: GatewayKeys['sealing']) =>
    ahead?.recipient.keyId === recipient.keyId && ahead.recipient.publicKey === recipient.publicKey

  return {
    take: (recipient: GatewayKeys['sealing']): Made => {
      const made = isFor(recipient) ? ahead?.made : undefined
      ahead = undefined
      return made ?? encapsulate(recipient)
    },
    prepare: (recipient: GatewayKeys['sealing']): void => {
      if (!isFor(recipient)) ahead = { recipient, made: encapsulate(recipient) }
    },
  }
}
