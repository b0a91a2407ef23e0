/** What the kiosk says about a chip card: how to open it, how far the reading is, what it held, why it failed. */
import { z } from 'zod'
import { CardFinding, CardProof } from './card-proof.ts'
import { Base64Url } from './encoding.ts'

/** YYMMDD as in the MRZ (Doc 9303-3 section 4.8). */
const MrzDate = z.string().regex(/^\d{6}$/)

const mrzKey = {
  /** More than nine characters where a TD1 or TD2 continues it in its optional data. */
  documentNumber: z.string().regex(/^[A-Z0-9<]{1,22}$/),
  /** Part of it may be unknown: fillers. */
  birthDate: z.string().regex(/^[0-9<]{6}$/),
  expiryDate: MrzDate,
}

/**
 * What opens the chip:
 * - `number`: the 12 digits of the personal number and nothing else. Its last six are the card access number of PACE, its last nine the
 *   document number of BAC; a chip without PACE needs the birth date too. Dates come from the card's QR or a form;
 *   they make the tries of BAC fewer.
 * - `mrz`: the MRZ's key, by PACE or BAC.
 * - `can`: the card access number by PACE, and BAC where PACE does not open and the MRZ's key is known too.
 */
export const CardAccess = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('number'),
    personalNumber: z.string().regex(/^\d{12}$/),
    birthDate: z.iso.date().optional(),
    issueDate: z.iso.date().optional(),
    /** 'unlimited' = "Không thời hạn". */
    expiryDate: z.union([z.iso.date(), z.literal('unlimited')]).optional(),
  }),
  z.object({ type: z.literal('mrz'), ...mrzKey }),
  z.object({ type: z.literal('can'), can: z.string().regex(/^\d{6}$/), mrz: z.object(mrzKey).optional() }),
])
export type CardAccess = z.infer<typeof CardAccess>

/** Files of the chip that can be asked for. DG3 and DG4 (fingerprints, irises) need terminal authentication and are never asked for. */
export const DataGroupName = z.enum(['com', 'sod', 'dg1', 'dg2', 'dg7', 'dg11', 'dg12', 'dg13', 'dg14', 'dg15'])
export type DataGroupName = z.infer<typeof DataGroupName>

/** What the card's QR says, as printed: dates dd/MM/yyyy. */
export const ScannedCode = z.object({
  personalNumber: z.string().max(20),
  name: z.string().max(200),
  birthDate: z.string().max(20),
  sex: z.string().max(20),
  issueDate: z.string().max(20).optional(),
})
export type ScannedCode = z.infer<typeof ScannedCode>

export const CardReadRequest = z.object({
  access: CardAccess,
  /** To be compared with the chip, where the card's code was scanned before. */
  scanned: ScannedCode.optional(),
  /** Without it: the text, what proves the chip, and the photo. */
  groups: z.array(DataGroupName).min(1).max(10).optional(),
  /** PC/SC reader name; without it the first reader that holds a card. */
  readerName: z.string().min(1).optional(),
  /** 8 bytes from somebody who is to know that this chip is here now: it signs them where it can (Active Authentication). */
  nonce: Base64Url.length(11).optional(),
})
export type CardReadRequest = z.infer<typeof CardReadRequest>

/** How long a reading waits for a card to be laid on, unless it is told otherwise: said on the screen while it waits. */
export const longestCardWaitMs = 20_000

export const CardProgress = z.object({
  /** 'pausing' = between two tries to open the chip, `pauseMs` long. Steps come in this order, the two in the middle by turns. */
  step: z.enum([
    'waiting-for-card',
    'connecting',
    'opening-chip',
    'pausing',
    'reading-text',
    'reading-proof',
    'checking-chip',
    'reading-photo',
    'checking-data',
    'done',
  ]),
  /** Bytes of data groups read so far, and expected (0 while unknown; it grows as files tell their length). */
  bytesRead: z.number().int().nonnegative(),
  bytesExpected: z.number().int().nonnegative(),
  pauseMs: z.number().int().positive().optional(),
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

const CardMrz = z.object({
  lines: z.array(z.string()),
  documentCode: z.string(),
  issuingState: z.string(),
  documentNumber: z.string(),
  /** Part of it may be unknown: fillers (Doc 9303-3 section 4.8). */
  birthDate: z.string(),
  sex: z.string(),
  expiryDate: z.string(),
  nationality: z.string(),
  optionalData: z.string(),
  /** Primary and secondary identifier as the MRZ has them, without diacritics. */
  name: z.string(),
})

/** What is known as soon as the chip's text is read, long before its photo and before anything is proven. */
export const CardText = z.object({
  person: CardPerson,
  mrz: CardMrz,
  /** A fictional person's card: the dossier made from it is for training. Personal numbers of specimens begin with 000, which no province has. */
  specimen: z.boolean(),
})
export type CardText = z.infer<typeof CardText>

export const CardReading = z.object({
  ...CardText.shape,
  /** Groups that the chip lists, and those read. A group which is listed and could not be had is named with its reason. */
  groupsListed: z.array(z.string()),
  groupsRead: z.array(DataGroupName),
  groupsMissing: z.array(z.object({ group: DataGroupName, reason: z.string() })),
  accessProtocol: z.enum(['bac', 'pace']),
  /** Why the chip was opened by BAC and not by PACE: step and status word. */
  accessFallback: z.string().optional(),
  /** The face of DG2, to be looked at beside the person and kept nowhere. */
  photo: z.object({ mediaType: z.enum(['image/jpeg', 'image/jp2']), base64: z.base64().max(400_000) }).optional(),
  /** How far these data are proven. Of 'not-genuine' nothing may be filled in. */
  proof: CardProof,
  findings: z.array(CardFinding),
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
  'wrong-number',
  'access-denied',
  'dates-needed',
  'access-suspended',
  'other-card',
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
