/**
 * How far a chip's data are proven (Doc 9303-11 sections 5 and 6, Doc 9303-12): one verdict, the checks beneath it, and what was
 * found besides.
 *
 * Invariants: 'genuine' is said only where every group read is signed, the signer is certified by a CSCA of the trust store, in
 * force and not known as revoked, and no check of the chip itself failed. Whatever is not known is another verdict. A check that was not made says why.
 */
import { z } from 'zod'

export const ProofCheckName = z.enum([
  /** The security object was signed by the key of the document signer's certificate. */
  'signature',
  /** The group, byte for byte, is the one that was signed; one check for each group. */
  'group-hash',
  /** EF.COM, which nobody signs, names the groups that the security object names. */
  'group-list',
  /** The document signer is certified by a country signing CA of the trust store. */
  'issuer',
  /** The certificates were in force, on this day or on the document's last one. */
  'validity',
  /** No revocation list of the trust store names the document signer. */
  'revocation',
  /** The chip knows the private key of DG15: it is no copy. */
  'active-authentication',
  /** The chip knows the private key of DG14: it is no copy. */
  'chip-authentication',
  /** PACE was mapped by the private key to EF.CardSecurity: the chip is no copy. */
  'chip-authentication-mapping',
])
export type ProofCheckName = z.infer<typeof ProofCheckName>

/** Why a check failed or was not made: a stable name, e.g. 'hash-differs', 'signer-expired', 'not-offered'. */
const Reason = z.string().regex(/^[a-z0-9-]+$/)

export const ProofCheck = z.object({
  check: ProofCheckName,
  outcome: z.enum(['passed', 'failed', 'not-checked']),
  reason: Reason.optional(),
  /** For 'group-hash' and what else concerns one group. */
  group: z.string().optional(),
  /** For the technician: algorithm, certificate, clause. Never personal data. */
  detail: z.string().optional(),
})
export type ProofCheck = z.infer<typeof ProofCheck>

/** Whether the chip itself was proven to be no copy; the data can be genuine on a copied chip. */
export const ChipProven = z.enum(['proven', 'not-offered', 'not-proven'])
export type ChipProven = z.infer<typeof ChipProven>

export const CardVerdict = z.discriminatedUnion('type', [
  z.object({ type: z.literal('genuine'), chip: ChipProven }),
  /** Hashes and signature fit each other, but nobody trusted vouches for the signer: anybody could have made them. */
  z.object({ type: z.literal('genuine-ca-unknown'), chip: ChipProven }),
  /** These data must not be used. The first check that failed; all of them are in the list. */
  z.object({
    type: z.literal('not-genuine'),
    check: ProofCheckName,
    reason: Reason,
    group: z.string().optional(),
  }),
  z.object({ type: z.literal('not-checked'), reason: Reason }),
])
export type CardVerdict = z.infer<typeof CardVerdict>

export const CardProof = z.object({
  verdict: CardVerdict,
  checks: z.array(ProofCheck),
  /** The signer's certificate as it names itself; proven only where the check 'issuer' passed. */
  signer: z
    .object({
      country: z.string(),
      subject: z.string(),
      issuer: z.string(),
      serialNumber: z.string(),
      notBefore: z.iso.datetime(),
      notAfter: z.iso.datetime(),
    })
    .optional(),
})
export type CardProof = z.infer<typeof CardProof>

/** Sources that can name the same person: what was typed, the QR that was scanned, the chip's groups. */
export const CardSourceName = z.enum(['typed', 'scanned', 'dg1', 'dg11', 'dg13'])
export type CardSourceName = z.infer<typeof CardSourceName>

/** Check digits of an MRZ (Doc 9303-3 section 4.9). */
export const MrzCheck = z.enum(['document-number', 'birth-date', 'expiry-date', 'optional-data', 'composite'])
export type MrzCheck = z.infer<typeof MrzCheck>

/** What was found besides the proof; none of these makes data less genuine. */
export const CardFinding = z.discriminatedUnion('type', [
  /** dd/MM/yyyy. */
  z.object({ type: z.literal('card-expired'), expiryDate: z.string() }),
  /** DG1 and DG13 name two persons: nothing of DG13 is in the reading, and nothing may be filled in. */
  z.object({ type: z.literal('two-persons') }),
  /** The chip's MRZ contradicts its own check digits. */
  z.object({ type: z.literal('mrz-check-digits'), checks: z.array(MrzCheck) }),
  /** Two sources say different things of the same field. The values stay where they are: this names the field only. */
  z.object({
    type: z.literal('sources-differ'),
    field: z.enum(['personal-number', 'name', 'birth-date', 'sex', 'expiry-date', 'issue-date', 'document-number']),
    between: z.tuple([CardSourceName, CardSourceName]),
  }),
])
export type CardFinding = z.infer<typeof CardFinding>
