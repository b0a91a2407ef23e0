/**
 * The gateway's procedures as stations fetch them. Each document lies under the SHA-256 of its text, and so does the list of all of them,
 * which the lease (contracts/lease.ts) names: what arrives is what the gateway signed for, whoever carried it.
 *
 *   GET /v1/catalogue/:sha256 -> the text   (Bearer; application/json, gzip)
 *
 * A text is `JSON.stringify` of what it says, so whoever has parsed it can hash it again.
 */
import { z } from 'zod'
import { Sha256Hex } from './encoding.ts'

export const CatalogueEntry = z.object({
  kind: z.enum(['procedure', 'guidance', 'block']),
  /** Of a procedure its code, a space and its version; else its id. */
  key: z.string().min(1).max(120),
  sha256: Sha256Hex,
})
export type CatalogueEntry = z.infer<typeof CatalogueEntry>

/** In the catalogue's order. */
export const CatalogueList = z.object({ format: z.literal('tram-catalogue-1'), documents: z.array(CatalogueEntry).max(10_000) })
export type CatalogueList = z.infer<typeof CatalogueList>
