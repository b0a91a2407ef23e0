/**
 * What goes between one kiosk and the citizens' store (contracts/citizen-store.ts): the card's proof sealed to the gateway's key, the answer
 * to a key made for it, HPKE base mode both ways.
 *
 * Invariants: the words that the station signs are the info of the answer's seal, so an answer opens for no other question; the proof is sealed
 * about the challenge, so that nobody else's question can carry it. What is sealed back is filled up: its length does not tell how much, or
 * whether anything, is kept of somebody.
 */
import { CardEvidence, type StoreAct } from '../../contracts/card-evidence.ts'
import { StoreAnswer } from '../../contracts/citizen-store.ts'
import { PublicKeyJwk } from '../../contracts/encoding.ts'
import { fromBase64Url, fromUtf8, type SubtleKey, toBase64Url, toHex, toUtf8 } from './base64url.ts'
import { unwrapKey, wrapKey } from './key-wrap.ts'

export type StoreNames = {
  stationId: string
  operatorId: string
  act: StoreAct
  challenge: string
  recipient: string
  /** SHA-256 of the card's proof. */
  evidenceDigest: string
}

/** Parts that base64url cannot hold keep them apart. */
export const evidenceDigest = async ({ dg1, sod, dg14 = '', dg15 = '', signature = '' }: CardEvidence): Promise<string> =>
  toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', toUtf8([dg1, sod, dg14, dg15, signature].join('.')))))

/** Ids in lower case, joined by a character none of the parts can hold. The station signs these very bytes. */
export const storeWords = (names: StoreNames): string =>
  [
    'tram-store-opening-1',
    names.stationId.toLowerCase(),
    names.operatorId.toLowerCase(),
    names.act,
    names.challenge,
    names.recipient,
    names.evidenceDigest,
  ].join('|')

const evidencePurpose = (stationId: string, challenge: string): string =>
  `tram-store-evidence-1|${stationId.toLowerCase()}|${challenge}`

export const isStoreOpeningSigned = async (names: StoreNames, signature: string, deviceKey: PublicKeyJwk): Promise<boolean> => {
  const bytes = fromBase64Url(signature)
  if (bytes === undefined) return false
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const key = await crypto.subtle.importKey('jwk', PublicKeyJwk.parse(deviceKey), algorithm, false, ['verify'])
  return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, bytes, toUtf8(storeWords(names)))
}

type About = { stationId: string; challenge: string }

/** Undefined when the gateway's key is none. */
export const sealEvidence = async (publicKey: string, about: About, evidence: CardEvidence): Promise<string | undefined> => {
  const purpose = evidencePurpose(about.stationId, about.challenge)
  const sealed = await wrapKey(publicKey, purpose, toUtf8(JSON.stringify(CardEvidence.parse(evidence))))
  return sealed && toBase64Url(sealed)
}

const parseJson = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(fromUtf8(bytes))
  } catch {
    return undefined
  }
}

export const openEvidence = async (privateKey: SubtleKey, about: About, sealed: string): Promise<CardEvidence | undefined> => {
  const bytes = fromBase64Url(sealed)
  const plain = bytes && (await unwrapKey(privateKey, evidencePurpose(about.stationId, about.challenge), bytes))
  const evidence = plain && CardEvidence.safeParse(parseJson(plain))
  return evidence?.success === true ? evidence.data : undefined
}

const blockBytes = 4096

/** Undefined when the recipient is no key. */
export const sealStoreAnswer = async (names: StoreNames, answer: StoreAnswer): Promise<string | undefined> => {
  const plain = toUtf8(JSON.stringify(StoreAnswer.parse(answer)))
  const filled = new Uint8Array(Math.ceil(plain.length / blockBytes) * blockBytes).fill(0x20)
  filled.set(plain)
  const sealed = await wrapKey(names.recipient, storeWords(names), filled)
  return sealed && toBase64Url(sealed)
}

/** Undefined when it was not sealed for these names, or is none. */
export const openStoreAnswer = async (
  names: StoreNames,
  privateKey: SubtleKey,
  sealed: string,
): Promise<StoreAnswer | undefined> => {
  const bytes = fromBase64Url(sealed)
  const plain = bytes && (await unwrapKey(privateKey, storeWords(names), bytes))
  const answer = plain && StoreAnswer.safeParse(parseJson(plain))
  return answer?.success === true ? answer.data : undefined
}
