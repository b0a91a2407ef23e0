/** The opened packet: parsed by its kind, and what stands both outside and inside the seal must agree. */
import type { z } from 'zod'
import { type AttachmentFacts, Dossier } from '../../../contracts/dossier.ts'
import { type PacketContent, Supplement, Withdrawal } from '../../../contracts/dossier-events.ts'
import type { PacketHeader } from '../../../contracts/packet.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'
import { sealedSizeOf } from '../../packet/attachment-codec.ts'
import type { Refusal } from '../problem.ts'
import { isKept } from '../storage/kept-text.ts'

const smallestChunk = 1024
const largestChunk = 4 * 1024 * 1024

const firstPath = (error: z.ZodError): string => error.issues[0]?.path.join('.') ?? ''

const parsed = <S extends z.ZodType>(schema: S, json: unknown, kind: string): Result<z.output<S>, Refusal> => {
  const value = schema.safeParse(json)
  return value.success ? ok(value.data) : err({ type: 'malformed', detail: `${kind}: ${firstPath(value.error)}` })
}

/** Where a text lies that could not be kept. */
function unkeptIn(value: unknown, path: string[] = []): string[] | undefined {
  if (typeof value === 'string') return isKept(value) ? undefined : path
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, part] of Object.entries(value)) {
    const found = unkeptIn(part, [...path, key])
    if (found !== undefined) return found
  }
  return undefined
}

function unkept(content: PacketContent): Refusal | undefined {
  const path = unkeptIn(bodyOf(content))
  if (path === undefined) return undefined
  const [part, field] = path
  if (part !== 'answers' || field === undefined)
    return { type: 'malformed', detail: `${content.kind}: ${path.join('.')} holds a character that cannot be kept` }
  const message = {
    vi: 'Mục này có ký tự không lưu được, hãy gõ lại.',
    en: 'This holds a character that cannot be kept, type it again.',
  }
  return { type: 'dossier-invalid', findings: [{ fields: [field], message }] }
}

function parseContent(kind: PacketHeader['kind'], payload: Uint8Array): Result<PacketContent, Refusal> {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
  } catch {
    return err({ type: 'malformed', detail: 'the payload is not JSON' })
  }
  switch (kind) {
    case 'submit': {
      const dossier = parsed(Dossier, json, 'dossier')
      return dossier.ok ? ok({ kind, dossier: dossier.value }) : dossier
    }
    case 'supplement': {
      const supplement = parsed(Supplement, json, kind)
      return supplement.ok ? ok({ kind, supplement: supplement.value }) : supplement
    }
    case 'withdraw': {
      const withdrawal = parsed(Withdrawal, json, kind)
      return withdrawal.ok ? ok({ kind, withdrawal: withdrawal.value }) : withdrawal
    }
  }
}

export const attachmentsIn = (content: PacketContent): AttachmentFacts[] =>
  content.kind === 'submit' ? content.dossier.attachments : content.kind === 'supplement' ? content.supplement.attachments : []

const bodyOf = (content: PacketContent) =>
  content.kind === 'submit' ? content.dossier : content.kind === 'supplement' ? content.supplement : content.withdrawal

function disagreement(header: PacketHeader, content: PacketContent): string | undefined {
  const body = bodyOf(content)
  if (header.procedureCode !== body.procedureCode || header.procedureVersion !== body.procedureVersion)
    return 'header and content name different procedures'
  if (header.training !== body.training) return 'header and content differ about training'
  if ((header.kind === 'submit') !== (header.event === undefined)) return 'an event other than the submit names its dossier'
  if (header.event !== undefined && header.event.dossierId !== body.dossierId) return 'header and content name different dossiers'
  if (header.chunkSize < smallestChunk || header.chunkSize > largestChunk) return 'chunkSize is out of bounds'
  const ids = [header.packetId, body.dossierId, ...header.attachments.map((attachment) => attachment.attachmentId)]
  if (ids.some((id) => id !== id.toLowerCase())) return 'an id is not in lower case'
  const announced = new Map(header.attachments.map((attachment) => [attachment.attachmentId, attachment]))
  if (announced.size !== header.attachments.length) return 'an attachment is announced twice'
  if (new Set(body.attachments.map((attachment) => attachment.attachmentId)).size !== body.attachments.length)
    return 'an attachment is declared twice'
  if (announced.size !== body.attachments.length) return 'header and content differ about the attachments'
  const odd = body.attachments.some(
    ({ attachmentId, size }) => announced.get(attachmentId)?.sealedSize !== sealedSizeOf(size, header.chunkSize),
  )
  return odd ? 'header and content differ about an attachment' : undefined
}

export function contentOf(header: PacketHeader, payload: Uint8Array): Result<PacketContent, Refusal> {
  const content = parseContent(header.kind, payload)
  if (!content.ok) return content
  const odd = disagreement(header, content.value)
  if (odd !== undefined) return err({ type: 'malformed', detail: odd })
  const refusal = unkept(content.value)
  return refusal === undefined ? content : err(refusal)
}
