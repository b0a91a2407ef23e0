/**
 * What an agency's request for a supplement needs, on its way to one kiosk (contracts/supplement.ts): HPKE base mode to a key made for this
 * one answer, vouched for by the station's device key.
 * Invariant: the words that are signed are HPKE's info too, so an answer opens for nobody else's question, nor for another request.
 */
import { PublicKeyJwk } from '../../contracts/encoding.ts'
import { SupplementBasis } from '../../contracts/supplement.ts'
import { fromBase64Url, fromUtf8, type SubtleKey, toBase64Url, toUtf8 } from './base64url.ts'
import { deriveWrapKeyPair, unwrapKey, type WrapKeyPair, wrapKey } from './key-wrap.ts'

export type OpeningNames = { stationId: string; requestId: string; operatorId: string; recipient: string }

/** Ids in lower case, joined by a character none of the parts can hold. The station signs these very bytes. */
export const openingWords = ({ stationId, requestId, operatorId, recipient }: OpeningNames): string =>
  ['tram-supplement-opening-1', stationId.toLowerCase(), requestId.toLowerCase(), operatorId.toLowerCase(), recipient].join('|')

export const makeOpeningKey = async (): Promise<WrapKeyPair> => {
  const seed = crypto.getRandomValues(new Uint8Array(32))
  const pair = await deriveWrapKeyPair(seed)
  seed.fill(0)
  return pair
}

export const isOpeningSigned = async (names: OpeningNames, signature: string, deviceKey: PublicKeyJwk): Promise<boolean> => {
  const bytes = fromBase64Url(signature)
  if (bytes === undefined) return false
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const key = await crypto.subtle.importKey('jwk', PublicKeyJwk.parse(deviceKey), algorithm, false, ['verify'])
  return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, bytes, toUtf8(openingWords(names)))
}

/** Undefined when the recipient is no key. */
export const sealSupplement = async (names: OpeningNames, basis: SupplementBasis): Promise<string | undefined> => {
  const sealed = await wrapKey(names.recipient, openingWords(names), toUtf8(JSON.stringify(SupplementBasis.parse(basis))))
  return sealed && toBase64Url(sealed)
}

/** Undefined when it was not sealed for these names, or is none. */
export const openSupplement = async (
  names: OpeningNames,
  privateKey: SubtleKey,
  sealed: string,
): Promise<SupplementBasis | undefined> => {
  const bytes = fromBase64Url(sealed)
  const plain = bytes && (await unwrapKey(privateKey, openingWords(names), bytes))
  if (plain === undefined) return undefined
  const basis = SupplementBasis.safeParse(JSON.parse(fromUtf8(plain)))
  return basis.success && basis.data.request.requestId === names.requestId ? basis.data : undefined
}
