import { describe, expect, it } from 'vitest'
import type { PacketHeader } from '../../../contracts/packet.ts'
import { findProcedure } from '../../../procedures/catalogue.ts'
import { createDossierCheck } from './dossier-check.ts'

const current = findProcedure('1.001193', '2026-07-18') ?? expect.fail('birth registration is in the catalogue')
const ended = { ...current, effectiveUntil: '2026-08-31', graceDays: 10 }
const check = createDossierCheck({
  find: (code, version) => (code === '1.001193' && version === '2026-07-18' ? ended : undefined),
})
const header = (sealedAt: string, procedureVersion = '2026-07-18'): PacketHeader => ({
  format: 'tram-packet-1',
  packetId: 'b6a2fcb5-0d61-4a3e-9a9b-5f0d1f1d0c01',
  stationId: 'b6a2fcb5-0d61-4a3e-9a9b-5f0d1f1d0c02',
  counter: 1,
  kind: 'submit',
  procedureCode: '1.001193',
  procedureVersion,
  training: true,
  gatewayKeyId: 'key',
  chunkSize: 16_384,
  attachments: [],
  sealedAt,
})

describe('the version of a new dossier', () => {
  it.each([
    ['sealed and received in time', '2026-08-31T10:00:00.000Z', '2026-08-31T11:00:00.000Z', true],
    ['sealed in time, received months later', '2026-08-31T10:00:00.000Z', '2026-12-01T11:00:00.000Z', true],
    ['sealed on the last day of grace, in Vietnam', '2026-09-10T16:59:00.000Z', '2026-09-20T11:00:00.000Z', true],
    ['sealed a minute later', '2026-09-10T17:00:00.000Z', '2026-09-20T11:00:00.000Z', false],
    ['received before it begins', '2026-08-31T10:00:00.000Z', '2026-01-01T11:00:00.000Z', false],
  ])('%s', (_what, sealedAt, receivedAt, taken) => {
    const answer = check.version(header(sealedAt), new Date(receivedAt))
    expect(answer.ok || answer.error.type).toBe(taken ? true : 'procedure-not-in-force')
  })

  it('nobody published is unknown', () => {
    const answer = check.version(header('2026-08-31T10:00:00.000Z', '1999-01-01'), new Date())
    expect(answer).toMatchObject({ ok: false, error: { type: 'procedure-unknown' } })
  })
})
