/**
 * How an operator's key is held. The key is random and never changes; each of these is a way to it, and a new PIN changes only the first:
 * - by PIN and machine: KEK = HKDF-SHA256(device(Argon2id(PIN, salt))) (RFC 9106, RFC 5869), AES-256-GCM;
 * - by each supervisor of the point: HPKE (RFC 9180) to the supervisor's public key, whose private half lies under the supervisor's own key;
 * - by machine and the gateway's desk: under a key from the machine, and that to the public key of one recovery slot, whose private half is
 *   a code that the desk can work out and the machine cannot.
 * Invariant: neither a stolen disk nor the desk nor another operator who is no supervisor opens any of them alone.
 */
import { err, ok, type Result } from '../../contracts/result.ts'
import type { AttemptRefusal, OperatorSecret, StationApi } from '../../contracts/station-api.ts'
import { type Bytes, fromBase64Url, type SubtleKey, toBase64Url, toUtf8 } from '../packet/base64url.ts'
import { unwrapKey, wrapKey } from '../packet/key-wrap.ts'
import type { DeskCopy, OperatorRow } from './database.ts'
import type { PinCost, StretchPin } from './pin-stretch.ts'
import { importBoxKey, openBox, openJson, sealBox, sealJson } from './sealed-box.ts'
import type { GivenUp, StationGone } from './vault-api.ts'

/** What the station answered to an attempt that was counted. */
export type Counted = { attemptsLeft: number; waitMs: number }

const wrapPurpose = (operatorId: string) => `tram operator key ${operatorId}`
const privatePurpose = (operatorId: string) => `tram operator private key ${operatorId}`
const supervisorPurpose = (operatorId: string, supervisorId: string) => `tram supervisor copy ${operatorId} ${supervisorId}`
const deskPurpose = (operatorId: string, slot: number) => `tram desk copy ${operatorId} ${slot}`

const sha256 = async (text: string): Promise<Bytes> => new Uint8Array(await crypto.subtle.digest('SHA-256', toUtf8(text)))

const derive = async (secret: Bytes, info: string): Promise<SubtleKey> => {
  const material = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info: toUtf8(info) },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  )
}

/** Shows the station that the key was opened, and tells it nothing else. */
export const attemptProof = async (key: Bytes): Promise<string> => {
  const material = await crypto.subtle.importKey('raw', key, 'HKDF', false, ['deriveBits'])
  const info = toUtf8('tram attempt proof')
  const bits = await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info }, material, 256)
  return toBase64Url(new Uint8Array(bits))
}

export const createOperatorKeys = (station: StationApi, stretch: StretchPin) => {
  let check: string | undefined

  const bytesOf = (output: string): Result<Bytes, StationGone> => {
    const bytes = fromBase64Url(output)
    return bytes === undefined ? err({ type: 'station-unavailable', detail: 'binding' }) : ok(bytes)
  }

  /** For whoever holds the key. */
  const bind = async (operatorId: string, way: OperatorSecret, input: Bytes, key: Bytes): Promise<Result<Bytes, StationGone>> => {
    const proof = await attemptProof(key)
    const answer = await station.call('bindToDevice', { operatorId, way, input: toBase64Url(input), proof })
    if (!answer.ok) return answer
    if (!answer.value.ok) return err({ type: 'station-unavailable', detail: answer.value.error.type })
    return bytesOf(answer.value.value.output)
  }

  /** The same binding, counted before it is answered. */
  const attempt = async (
    row: OperatorRow,
    way: OperatorSecret,
    input: Bytes,
  ): Promise<Result<{ bound: Bytes } & Counted, StationGone | AttemptRefusal>> => {
    const answer = await station.call('tryOperatorSecret', {
      operatorId: row.operatorId,
      way,
      input: toBase64Url(input),
      knownFailures: row.failures,
    })
    if (!answer.ok) return answer
    if (!answer.value.ok) return answer.value
    const { output, attemptsLeft, waitMs } = answer.value.value
    const bound = bytesOf(output)
    return bound.ok ? ok({ bound: bound.value, attemptsLeft, waitMs }) : bound
  }

  /** Tells "another machine" from "wrong PIN". */
  const deviceCheck = async (): Promise<Result<string, StationGone>> => {
    if (check !== undefined) return ok(check)
    const answer = await station.call('deviceCheck', {})
    if (!answer.ok) return answer
    check = toBase64Url(await sha256(answer.value.output))
    return ok(check)
  }

  const kekInfo = (operatorId: string) => `tram operator kek ${operatorId}`

  const wrapByPin = async (
    operatorId: string,
    pin: string,
    cost: PinCost,
    key: Bytes,
  ): Promise<Result<Pick<OperatorRow, 'salt' | 'cost' | 'wrappedKey'>, StationGone>> => {
    const salt = crypto.getRandomValues(new Uint8Array(16))
    const stretched = await stretch(pin, salt, cost)
    if (stretched === undefined) throw new Error('Nobody was offered to give this up')
    const bound = await bind(operatorId, 'pin', stretched, key)
    if (!bound.ok) return bound
    const kek = await derive(bound.value, kekInfo(operatorId))
    return ok({ salt, cost: { ...cost }, wrappedKey: await sealBox(kek, wrapPurpose(operatorId), key) })
  }

  /** `key` is undefined when the PIN is wrong. */
  const openByPin = async (
    row: OperatorRow,
    pin: string,
    signal?: AbortSignal,
  ): Promise<Result<{ key: Bytes | undefined } & Counted, StationGone | AttemptRefusal | GivenUp>> => {
    const stretched = await stretch(pin, row.salt, row.cost, signal)
    // Given up before the station heard of it: no attempt was made.
    if (stretched === undefined) return err({ type: 'given-up' })
    const tried = await attempt(row, 'pin', stretched)
    if (!tried.ok) return tried
    const { bound, ...counted } = tried.value
    const kek = await derive(bound, kekInfo(row.operatorId))
    const key = row.wrappedKey && (await openBox(kek, wrapPurpose(row.operatorId), row.wrappedKey))
    return ok({ key, ...counted })
  }

  /** The key pair by which others wrap to this operator. */
  const makePair = async (operatorId: string, key: Bytes) => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
    const jwk = await crypto.subtle.exportKey('jwk', pair.privateKey)
    return {
      publicKey: toBase64Url(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))),
      sealedPrivateKey: await sealJson(await importBoxKey(key), privatePurpose(operatorId), jwk),
    }
  }

  const openPrivateKey = async (
    row: Pick<OperatorRow, 'operatorId' | 'sealedPrivateKey'>,
    key: SubtleKey,
  ): Promise<SubtleKey | undefined> => {
    const jwk = row.sealedPrivateKey && (await openJson(key, privatePurpose(row.operatorId), row.sealedPrivateKey))
    if (jwk === undefined) return undefined
    // HPKE needs the public half for the shared secret's context, so it is extractable.
    return crypto.subtle.importKey('jwk', jwk.value as JsonWebKey, { name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
  }

  const deskInput = (operatorId: string, slot: number) => sha256(`tram desk copy|${operatorId}|${slot}`)

  const makeDeskCopy = async (
    operatorId: string,
    key: Bytes,
    slot: number,
    publicKey: string,
  ): Promise<Result<DeskCopy | undefined, StationGone>> => {
    const bound = await bind(operatorId, 'desk-code', await deskInput(operatorId, slot), key)
    if (!bound.ok) return bound
    const purpose = deskPurpose(operatorId, slot)
    const wrap = await wrapKey(publicKey, purpose, await sealBox(await derive(bound.value, purpose), purpose, key))
    return ok(wrap && { slot, wrap })
  }

  /** `key` is undefined when the code is wrong. */
  const openDeskCopy = async (
    row: OperatorRow,
    copy: DeskCopy,
    codeKey: SubtleKey,
  ): Promise<Result<{ key: Bytes | undefined } & Counted, StationGone | AttemptRefusal>> => {
    const tried = await attempt(row, 'desk-code', await deskInput(row.operatorId, copy.slot))
    if (!tried.ok) return tried
    const { bound, ...counted } = tried.value
    const purpose = deskPurpose(row.operatorId, copy.slot)
    const box = await unwrapKey(codeKey, purpose, copy.wrap)
    return ok({ key: box && (await openBox(await derive(bound, purpose), purpose, box)), ...counted })
  }

  return {
    deviceCheck,
    wrapByPin,
    openByPin,
    makePair,
    openPrivateKey,
    makeDeskCopy,
    openDeskCopy,
    makeSupervisorCopy: (operatorId: string, key: Bytes, supervisor: { operatorId: string; publicKey: string }) =>
      wrapKey(supervisor.publicKey, supervisorPurpose(operatorId, supervisor.operatorId), key),
    openSupervisorCopy: (row: OperatorRow, supervisorId: string, privateKey: SubtleKey): Promise<Bytes | undefined> => {
      const copy = row.heldBySupervisors?.[supervisorId]
      if (copy === undefined) return Promise.resolve(undefined)
      return unwrapKey(privateKey, supervisorPurpose(row.operatorId, supervisorId), copy)
    },
    /** Best effort: a count that stays too high costs a wait, no work. */
    settle: async (operatorId: string, key: Bytes): Promise<void> => {
      await station.call('settleAttempt', { operatorId, proof: await attemptProof(key) })
    },
  }
}
