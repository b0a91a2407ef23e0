/**
 * Kho của công dân: what a citizen let the gateway keep of himself, so that he need not say it again (Law 91/2025/QH15: by consent, for one
 * purpose, with an end, to be taken back at any time). It is opened only for somebody whose card was read in this visit: the gateway itself
 * proves what the chip gave, and where the chip can sign, that it signed a nonce of the gateway's own. Sealed (HPKE) both ways: what the card
 * said goes to the gateway's key, the answer to a key that the page made for it. The station's device key signs what binds the two: card,
 * operator, act, and a challenge that serves once for each act.
 *
 *   GET  /v1/citizen-store/challenge  -> StoreChallenge                   (Bearer; before the card is read)
 *   POST /v1/citizen-store/openings   StoreOpening -> SealedStoreAnswer   (Bearer)
 */
import { z } from 'zod'
import { StoreAct } from './card-evidence.ts'
import { UnitCodes, ValueSource } from './dossier.ts'
import { Base64Url, Instant, Uuid } from './encoding.ts'
import { FactName } from './procedure-field.ts'

export const StoreChallenge = z.object({
  challenge: z.string().min(16).max(200),
  /** 8 bytes for the chip to sign. */
  nonce: Base64Url.length(11),
  expiresInSeconds: z.number().int().positive(),
})
export type StoreChallenge = z.infer<typeof StoreChallenge>

export const StoreOpening = z.object({
  act: StoreAct,
  operatorId: Uuid,
  challenge: z.string().min(16).max(200),
  /** Raw uncompressed point of P-256, made for this answer alone. */
  recipient: Base64Url.length(87),
  /** Which of the gateway's keys the evidence is sealed to. */
  gatewayKeyId: z.string().min(1).max(200),
  /** CardEvidence, `enc | ciphertext` of HPKE. */
  evidence: Base64Url.max(90_000),
  /** The device key's, over the words of `storeWords` (sync/packet/store-seal.ts). */
  signature: Base64Url.max(200),
})
export type StoreOpening = z.infer<typeof StoreOpening>

/** Where a kept value was declared. */
const keptOf = {
  procedureCode: z.string().min(1).max(40),
  source: ValueSource,
  /** As the dossier had it: a station's claim. */
  declaredAt: Instant,
}

export const KeptValue = z.object({ value: z.string().min(1).max(2000), unit: UnitCodes.optional(), ...keptOf })
export type KeptValue = z.infer<typeof KeptValue>

/** Nothing in it says whose it is: that is the card's to say. */
export const KeptFacts = z.partialRecord(FactName, KeptValue)
export type KeptFacts = z.infer<typeof KeptFacts>

/** What is sealed. Somebody of whom nothing is kept has no facts and no end; nothing else tells the two apart on the way. */
export const StoreAnswer = z.object({ facts: KeptFacts, until: Instant.optional() })
export type StoreAnswer = z.infer<typeof StoreAnswer>

/** `enc | ciphertext` of HPKE. */
export const SealedStoreAnswer = z.object({ sealed: Base64Url.max(400_000) })
export type SealedStoreAnswer = z.infer<typeof SealedStoreAnswer>
