/**
 * Chip Authentication, version 1, the terminal's side (Doc 9303-11 section 6.2, BSI TR-03110-3 section B.2): an ephemeral key against the
 * chip's static one of DG14, and a new channel which only the holder of that key can speak.
 *
 * Invariants: pure: randomness comes in as a seed. The channel is begun after the last command's answer; its first fitting answer is the
 * proof. That DG14 is signed is for Passive Authentication to say.
 */
import { err, ok, type Result } from '../../../contracts/result.ts'
import type { CommandApdu } from '../iso7816/apdu.ts'
import { derivePaceKey } from '../pace/pace-keys.ts'
import { createAesChannel } from '../secure-messaging/aes-channel.ts'
import type { SecureChannel } from '../secure-messaging/secure-messaging.ts'
import { createTripleDesChannel } from '../secure-messaging/triple-des-channel.ts'
import { encodeTlv } from '../tlv/tlv.ts'
import type { ChipAuthenticationKey } from './chip-authentication-infos.ts'

export type ChipAuthentication = { readonly commands: readonly CommandApdu[]; readonly channel: SecureChannel }
export type ChipAuthenticationFailure = { type: 'chip-authentication-key-invalid' }

const none = new Uint8Array()

export const beginChipAuthentication = (
  key: ChipAuthenticationKey,
  seed: Uint8Array,
): Result<ChipAuthentication, ChipAuthenticationFailure> => {
  const own = key.agreement.keyPair(seed)
  const secret = key.agreement.secret(own.privateKey, key.publicKey)
  if (secret === undefined) return err({ type: 'chip-authentication-key-invalid' })
  const keys = { encryption: derivePaceKey(key.cipher, secret, 1), mac: derivePaceKey(key.cipher, secret, 2) }
  const named = key.keyId === undefined ? none : encodeTlv(0x84, key.keyId)
  const manageSecurityEnvironment = (p2: number, ...objects: readonly Uint8Array[]): CommandApdu => ({
    cla: 0x00,
    ins: 0x22,
    p1: 0x41,
    p2,
    data: Uint8Array.from(objects.flatMap((object) => [...object])),
  })
  if (key.cipher === '3des')
    return ok({
      // MSE:Set KAT (BSI TR-03110-3 section B.2.1).
      commands: [manageSecurityEnvironment(0xa6, encodeTlv(0x91, own.publicKey), named)],
      channel: createTripleDesChannel({ keys, sendSequenceCounter: new Uint8Array(8) }),
    })
  return ok({
    // MSE:Set AT, GENERAL AUTHENTICATE (section B.2.2).
    commands: [
      manageSecurityEnvironment(0xa4, encodeTlv(0x80, key.protocol), named),
      { cla: 0x00, ins: 0x86, p1: 0x00, p2: 0x00, data: encodeTlv(0x7c, encodeTlv(0x80, own.publicKey)), le: 256 },
    ],
    channel: createAesChannel(keys),
  })
}
