/**
 * How fast the link is, from what has been acknowledged on it. Pure: a fold over acknowledgements.
 * Time counts only while something was under way, once however many transfers run side by side.
 */
import { maxParcelAttachments } from '../../contracts/gateway-api.ts'

export type Link = { bytes: number; ms: number; lastAt: number }

export const unknownLink: Link = { bytes: 0, ms: 0, lastAt: Number.NEGATIVE_INFINITY }

/** What was seen so long ago counts half. */
const halfLifeMs = 30_000
/** Less says more about the delay than about the link. */
const tellingBytes = 32 * 1024
const slowBytesPerMs = 32
/** 4 Mbit/s: waiting for answers costs more than the bytes do. */
const quickBytesPerMs = 512
/** Whoever waits for the answer to several packets waits about this long at most. */
const togetherMs = 2_000

/** `beganAt`, `at`: a clock that only grows. */
export const noteTransfer = (link: Link, transfer: { bytes: number; beganAt: number; at: number }): Link => {
  const spent = Math.max(0, transfer.at - Math.max(transfer.beganAt, link.lastAt))
  const weight = 0.5 ** (spent / halfLifeMs)
  return { bytes: link.bytes * weight + transfer.bytes, ms: link.ms * weight + spent, lastAt: transfer.at }
}

/** Bytes a millisecond; undefined while too little was seen to say. */
export const bytesPerMs = ({ bytes, ms }: Link): number | undefined => (bytes < tellingBytes || ms <= 0 ? undefined : bytes / ms)

/** Dossiers side by side. On a slow link more of them only means that none of them is whole soon; on a quick one they share requests,
 * and while as many as fit into those are under way, as many again are read and answered. */
export const dossierLanes = (link: Link): number => {
  const rate = bytesPerMs(link)
  if (rate === undefined) return 4
  return rate < slowBytesPerMs ? 2 : rate < quickBytesPerMs ? 4 : 48
}
/** Requests with packets side by side: a browser opens six connections to one place, and the feed holds one. */
export const requestLanes = (link: Link): number => ((bytesPerMs(link) ?? Number.POSITIVE_INFINITY) < slowBytesPerMs ? 2 : 4)
/** Attachments of one dossier side by side. */
export const attachmentLanes = (link: Link): number => ((bytesPerMs(link) ?? 0) < slowBytesPerMs ? 1 : 3)

/** How many bytes of attachments may go in the packet's own request: no more than any one request would carry. */
export const carriedWithPacket = (chunkSize: number): number => Math.min(chunkSize, maxParcelAttachments)
/** And how many in a request that several packets share: a cut must not cost more, nor a short dossier wait long for its neighbours. */
export const carriedTogether = (link: Link, chunkSize: number): number =>
  Math.min(carriedWithPacket(chunkSize), (bytesPerMs(link) ?? Number.POSITIVE_INFINITY) * togetherMs)
/** After a failure the packet goes first and alone, and its attachments follow from whatever byte the gateway has. */
export const goesTogether = (attempt: number): boolean => attempt === 0

/** Honest: nothing is promised before the link is known. */
export const estimateMs = (link: Link, bytesLeft: number): number | undefined => {
  const rate = bytesPerMs(link)
  return rate === undefined ? undefined : bytesLeft / rate
}
