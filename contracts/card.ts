/** What the kiosk says about a chip card: how to open it, how far the reading is, what it held, why it failed. */
import { z } from 'zod'
import { CardFinding, CardProof } from './card-proof.ts'

/** YYMMDD as in the MRZ (Doc 9303-3 section 4.8). */
const MrzDate = z.string().regex(/^\d{6}$/)

const mrzKey = {
  documentNumber: z.string().regex(/^[A-Z0-9<]{1,9}$/),
  birthDate: MrzDate,
  expiryDate: MrzDate,
}

/** What opens the chip: the MRZ's key by BAC; the card access number (last six digits of the personal number) by PACE, and by BAC where PACE does not open and the MRZ's key is known too. */
export const CardAccess = z.discriminatedUnion('type', [
  z.object({ type: z.literal('mrz'), ...mrzKey }),
  z.object({ type: z.literal('can'), can: z.string().regex(/^\d{6}$/), mrz: z.object(mrzKey).optional() }),
])
export type CardAccess = z.infer<typeof CardAccess>

export const DataGroupName = z.enum(['dg1', 'dg13'])
export type DataGroupName = z.infer<typeof DataGroupName>

export const CardReadRequest = z.object({
  access: CardAccess,
  /** PC/SC reader name; without it the first reader that holds a card. */
  readerName: z.string().min(1).optional(),
})
export type CardReadRequest = z.infer<typeof CardReadRequest>

export const CardProgress = z.object({
  step: z.enum(['waiting-for-card', 'connecting', 'opening-chip', 'reading-text', 'done']),
  /** Bytes of data groups read so far, and expected (0 while unknown). */
  bytesRead: z.number().int().nonnegative(),
  bytesExpected: z.number().int().nonnegative(),
})
export type CardProgress = z.infer<typeof CardProgress>

/** Personal data of the chip, as its groups give it. Dates are dd/MM/yyyy or, where the chip says so, words. Absent = not on the chip. */
export const CardPerson = z.object({
  personalNumber: z.string().optional(),
  fullName: z.string().optional(),
  birthDate: z.string().optional(),
  sex: z.string().optional(),
  nationality: z.string().optional(),
  ethnicity: z.string().optional(),
  religion: z.string().optional(),
  placeOfOrigin: z.string().optional(),
  residence: z.string().optional(),
  identifyingMarks: z.string().optional(),
  issueDate: z.string().optional(),
  expiryDate: z.string().optional(),
  fatherName: z.string().optional(),
  motherName: z.string().optional(),
  spouseName: z.string().optional(),
  oldIdentityNumber: z.string().optional(),
})
export type CardPerson = z.infer<typeof CardPerson>

export const CardReading = z.object({
  person: CardPerson,
  mrz: z.object({
    lines: z.array(z.string()),
    documentCode: z.string(),
    issuingState: z.string(),
    documentNumber: z.string(),
    birthDate: MrzDate,
    sex: z.string(),
    expiryDate: z.string(),
    nationality: z.string(),
    optionalData: z.string(),
    /** Primary and secondary identifier as the MRZ has them, without diacritics. */
    name: z.string(),
  }),
  /** Groups that EF.COM lists, and those read. A group which is listed and could not be had is named with its reason. */
  groupsListed: z.array(z.string()),
  groupsRead: z.array(DataGroupName),
  groupsMissing: z.array(z.object({ group: DataGroupName, reason: z.string() })),
  accessProtocol: z.enum(['bac', 'pace']),
  /** Why the chip was opened by BAC although a card access number was given: step and status word. */
  accessFallback: z.string().optional(),
  /** How far these data are proven. Of 'not-genuine' nothing may be filled in. */
  proof: CardProof,
  findings: z.array(CardFinding),
  /** A fictional person's card: the dossier made from it is for training. Personal numbers of specimens begin with 000, which no province has. */
  specimen: z.boolean(),
  readerName: z.string(),
  readAt: z.iso.datetime(),
})
export type CardReading = z.infer<typeof CardReading>

/** Named failures of reading a card. Codes THE-nn are shown small, under the sentence that says what to do. */
export const CardFailureType = z.enum([
  'pcsc-service-unavailable',
  'no-reader',
  'no-such-reader',
  'reader-removed',
  'no-card',
  'card-removed',
  'card-unresponsive',
  'not-an-identity-card',
  'access-denied',
  'secure-messaging-failed',
  'unreadable-data',
  'unexpected-status',
  'cancelled',
  'timeout',
  'device-host-crashed',
  'invalid-request',
])
export type CardFailureType = z.infer<typeof CardFailureType>

export const CardFailure = z.object({
  type: CardFailureType,
  /** For the technician: step, status word, clause. Never personal data. */
  detail: z.string(),
  /** Whether the same act may succeed when tried again. */
  retry: z.boolean(),
})
export type CardFailure = z.infer<typeof CardFailure>

export const ReaderStatus = z.object({
  name: z.string(),
  cardPresent: z.boolean(),
  /** A simulated reader is called so wherever it is shown. */
  simulated: z.boolean(),
})
export type ReaderStatus = z.infer<typeof ReaderStatus>
