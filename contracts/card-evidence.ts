/** What a station gives away of a card that it has read, and for which act (contracts/citizen-store.ts). */
import { z } from 'zod'
import { Base64Url } from './encoding.ts'

/** What proves a card, byte for byte as its chip gave it: what the issuing state signed, and who it names. */
export const CardEvidence = z.object({
  dg1: Base64Url.min(1).max(2_000),
  sod: Base64Url.min(1).max(60_000),
  dg14: Base64Url.max(8_000).optional(),
  dg15: Base64Url.max(8_000).optional(),
  /** What the chip gave to the nonce (Active Authentication). */
  signature: Base64Url.max(2_000).optional(),
})
export type CardEvidence = z.infer<typeof CardEvidence>

/** `erase` is the citizen's word that nothing is to be kept any more. */
export const StoreAct = z.enum(['read', 'erase'])
export type StoreAct = z.infer<typeof StoreAct>
