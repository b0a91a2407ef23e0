/** A chip's files as the kiosk is told of them: the parsed text, the groups, what is proven. Pure. */
import type { CardReading, CardReadRequest } from '../../../contracts/card.ts'
import { verifyActiveAuthentication } from '../active-authentication/active-authentication.ts'
import { parseDg2 } from '../lds/face-image.ts'
import { parseEfCom } from '../lds/lds.ts'
import { parseDg14, parseDg15 } from '../lds/security-infos.ts'
import { parseSecurityObject } from '../lds/security-object.ts'
import { type FilesProof, proveFiles } from '../passive-authentication/prove-files.ts'
import type { TrustAnchors } from '../passive-authentication/trust-anchors.ts'
import type { ChipCheckAnswer } from '../passive-authentication/verdict.ts'
import type { ChipReading } from './read-chip.ts'

export type ProofContext = {
  trust: TrustAnchors
  now: Date
  /** What the chip is compared with. */
  request: Pick<CardReadRequest, 'access' | 'scanned'>
}

/** As the security object signs it; a chip without one has its list in EF.COM alone. */
const groupsListed = (reading: ChipReading): string[] => {
  const sod = reading.raw.get('sod')
  const signed = sod === undefined ? undefined : parseSecurityObject(sod)
  if (signed?.ok) return [...signed.value.hashes.keys()]
  const com = reading.raw.get('com')
  const list = com === undefined ? undefined : parseEfCom(com)
  return list?.ok ? list.value.groups : [...reading.raw.keys()].filter((group) => group.startsWith('dg'))
}

/** The chip's own word that it has no such file; one that is locked says something else. */
const notFound = /6A8[23]/

const chipAnswerOf = ({ chipAuthentication: { outcome, detail } }: ChipReading): ChipCheckAnswer => {
  if (outcome === 'proven') return { type: 'passed', detail }
  return outcome === 'failed'
    ? { type: 'failed', reason: 'key-not-proven', detail }
    : { type: 'not-checked', reason: 'not-offered', detail }
}

/** Asked for only where Chip Authentication did not prove the chip. */
const activeAnswerOf = ({ activeSignature, raw }: ChipReading): ChipCheckAnswer => {
  if (activeSignature === undefined) return { type: 'not-checked', reason: 'not-asked' }
  if (activeSignature.outcome === 'refused') return { type: 'not-checked', reason: 'refused', detail: activeSignature.detail }
  const key = parseDg15(raw.get('dg15') ?? new Uint8Array())
  if (!key.ok) return { type: 'not-checked', reason: 'key-malformed', detail: key.error.detail }
  const infos = parseDg14(raw.get('dg14') ?? new Uint8Array())
  return verifyActiveAuthentication(key.value, infos.ok ? infos.value : [], activeSignature.challenge, activeSignature.signature)
}

const proofOf = (reading: ChipReading, context: ProofContext): FilesProof => {
  const com = reading.raw.get('com')
  const list = com === undefined ? undefined : parseEfCom(com)
  return proveFiles(
    {
      groups: new Map([...reading.raw].filter(([group]) => group !== 'com' && group !== 'sod')),
      securityObject: reading.raw.get('sod'),
      listed: list?.ok ? list.value.groups : undefined,
      absent: [...reading.absent].filter(([, reason]) => notFound.test(reason)).map(([group]) => group),
    },
    {
      trust: context.trust,
      now: context.now,
      ...context.request,
      active: activeAnswerOf(reading),
      chip: chipAnswerOf(reading),
      mapping: reading.mapping,
    },
  )
}

/** More than any card's photo; what is larger is not shown. */
const largestPhoto = 290_000

/** The first face in JPEG, which every page draws by itself; else the first in JPEG 2000. */
const photoOf = (reading: ChipReading): Pick<CardReading, 'photo'> => {
  const file = reading.raw.get('dg2')
  const faces = file === undefined ? undefined : parseDg2(file)
  const shown = faces?.ok ? faces.value.filter(({ image }) => image.length <= largestPhoto) : []
  const face = shown.find(({ type }) => type === 'jpeg') ?? shown[0]
  if (face === undefined) return {}
  const mediaType = face.type === 'jpeg' ? 'image/jpeg' : 'image/jp2'
  return { photo: { mediaType, base64: Buffer.from(face.image).toString('base64') } }
}

export const describeReading = (reading: ChipReading, context: ProofContext): Omit<CardReading, 'readerName' | 'readAt'> => {
  const listed = groupsListed(reading)
  const unread = new Map(reading.absent)
  if (reading.dg13Unread !== undefined) unread.set('dg13', reading.dg13Unread)
  return {
    ...reading.text,
    groupsListed: listed,
    groupsRead: [...reading.raw.keys()].filter((group) => group !== 'com' && group !== 'sod' && !unread.has(group)),
    // A Vietnamese card without DG13 lacks what a form needs; of the others only those are missed that the chip said it has.
    groupsMissing: Array.from(unread, ([group, reason]) => ({ group, reason })).filter(
      ({ group }) => group === 'dg13' || listed.includes(group),
    ),
    ...photoOf(reading),
    accessProtocol: reading.accessProtocol,
    ...(reading.accessFallback === undefined ? {} : { accessFallback: reading.accessFallback }),
    ...proofOf(reading, context),
  }
}
