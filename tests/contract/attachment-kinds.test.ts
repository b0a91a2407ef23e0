/** What the vault takes as a paper, the gateway takes from the packet: a kind refused after the packet is stored would be a dead end. */
import 'fake-indexeddb/auto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AttachmentMediaType } from '../../contracts/dossier.ts'
import type { Result } from '../../contracts/result.ts'
import { verifyAttachment } from '../../sync/gateway/attachments/verification.ts'
import { mediaTypeOf } from '../../sync/packet/media-type.ts'
import { openPacket } from '../../sync/packet/packet-codec.ts'
import { makeGatewayKeys, makeStation, type TestGatewayKeys } from '../../sync/vault/station.fixture.ts'
import { openVault, type Vault } from '../../sync/vault/vault.ts'

const must = <T, E extends { type: string }>(result: Result<T, E>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

const pdf = [...Buffer.from('%PDF-1.7\n')]
const withBom = Uint8Array.from([0xef, 0xbb, 0xbf, 0x0a, ...pdf, 1, 2, 3])
const pin = '604182'
const at = '2026-11-22T02:00:00.000Z'

let keys: TestGatewayKeys
let vault: Vault
let operatorId: string

beforeAll(async () => {
  keys = await makeGatewayKeys()
  const { station } = await makeStation(keys)
  vault = must(await openVault({ station, databaseName: 'kinds', pinCost: { memoryKib: 64, iterations: 1 } }))
  operatorId = must(await vault.createOperator({ name: 'Lò Thị Mẫu', pin })).operatorId
  must(await vault.signIn({ operatorId, pin }))
})
afterAll(() => vault?.close())

/** Whether the vault took it, and what the gateway then says of the very bytes which travel. */
const bothSides = async (bytes: Uint8Array, mediaType: AttachmentMediaType) => {
  const about = { procedureCode: '1.001193', procedureVersion: '2025-07-01', content: {}, label: 'x', training: true }
  const { draftId } = must(await vault.createDraft(about))
  const added = await vault.addAttachment(draftId, { paperId: 'birthProof', fileName: 'giấy tờ', mediaType, bytes })
  if (!added.ok) return { vault: added.error }
  const answers = { childName: { value: 'TRẦN VĂN MẪU', provenance: { source: 'typed' as const, at, operatorId } } }
  const consents = [{ id: 'submit', purpose: { vi: 'Gửi hồ sơ' }, given: true, at }]
  const { packetId } = must(await vault.finish({ draftId, answers, consents, label: 'T.V.M.' }))
  const { packet } = must(await vault.outbox.read(packetId))
  if (packet === undefined) throw new Error('no packet')
  const { dataKey, header } = must(await openPacket(packet, keys.recipient))
  const [announced] = header.attachments
  if (announced === undefined) throw new Error('no attachment')
  const sealed = must(await vault.outbox.readSealed(announced.attachmentId, 0, announced.sealedSize))
  const { chunkSize } = header
  return { vault: 'took', gateway: await verifyAttachment({ sealed, announced, facts: added.value, dataKey, chunkSize }) }
}

describe('the kind of a file', () => {
  it('is told by its first bytes, a PDF’s by a header within the first 1024', () => {
    const after = (count: number) => Uint8Array.from([...Array<number>(count).fill(0x20), ...pdf])
    expect(mediaTypeOf(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0))).toBe('image/jpeg')
    expect(mediaTypeOf(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a))).toBe('image/png')
    expect(mediaTypeOf(withBom)).toBe('application/pdf')
    expect([0, 1019, 1020].map((count) => mediaTypeOf(after(count)))).toEqual(['application/pdf', 'application/pdf', undefined])
    expect([[], [0xff], [0xff, 0xd8], pdf.slice(0, 4)].map((few) => mediaTypeOf(Uint8Array.from(few)))).toEqual(
      Array(4).fill(undefined),
    )
  })

  it('is the same to vault and gateway for a PDF behind a BOM and a line feed', async () => {
    expect(await bothSides(withBom, 'application/pdf')).toEqual({ vault: 'took', gateway: { ok: true, value: undefined } })
    expect(await bothSides(withBom, 'image/jpeg')).toEqual({ vault: { type: 'facts-invalid', detail: 'mediaType' } })
  })

  it('never lets the vault take what the gateway refuses', async () => {
    const heads = [[0xff, 0xd8, 0xff], [0xff, 0xd8], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], pdf, pdf.slice(0, 4)]
    let taken = 0
    await fc.assert(
      fc.asyncProperty(
        fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 1100 })),
        fc.constantFrom(...heads),
        fc.uint8Array({ maxLength: 40 }),
        fc.constantFrom<AttachmentMediaType>('image/jpeg', 'image/png', 'application/pdf'),
        async (before, head, rest, mediaType) => {
          const bytes = Uint8Array.from([...Array<number>(before).fill(0x0a), ...head, ...rest])
          const said = await bothSides(bytes, mediaType)
          if (said.vault !== 'took') return
          taken += 1
          expect(said.gateway).toEqual({ ok: true, value: undefined })
        },
      ),
      { seed: 20261122, numRuns: 80 },
    )
    expect(taken).toBeGreaterThan(10)
  })
})
