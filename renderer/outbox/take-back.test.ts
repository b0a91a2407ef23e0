import { describe, expect, it } from 'vitest'
import type { OutboxEntry } from '../../sync/vault/vault-api.ts'
import { eventBehind, maySupply, mayTakeBack, mayWithdraw, waitsForAnother } from './take-back.ts'

const mine = '7b0c9f5e-0000-4000-8000-000000000001'
const queued: OutboxEntry['progress'] = { state: { name: 'queued' }, attempt: 0, reuploads: 0 }

describe('taking a dossier back', () => {
  it('is offered to the one who made it, and to nobody else', () => {
    const entry = { canTakeBack: true, operatorId: mine, progress: queued }
    expect(mayTakeBack(entry, mine)).toBe(true)
    expect(mayTakeBack(entry, '7b0c9f5e-0000-4000-8000-000000000002')).toBe(false)
  })

  it('is not offered once the sealed packet is gone', () => {
    expect(mayTakeBack({ canTakeBack: false, operatorId: mine, progress: queued }, mine)).toBe(false)
  })

  it('is asked of the last event of the dossier first', () => {
    const event = (sequence: number, dossierId = 'd') => ({ kind: 'supplement' as const, dossierId, sequence, progress: queued })
    const [first, second, third, other] = [event(1), event(2), event(3), event(4, 'e')]
    expect(eventBehind(first, [third, second, first, other])).toBe(third)
    expect(eventBehind(third, [third, second, first, other])).toBeUndefined()
  })
})

describe('an event behind one that lies there for a person', () => {
  const at = (sequence: number, state: OutboxEntry['progress']['state'], dossierId = 'd') => ({
    kind: 'supplement' as const,
    dossierId,
    sequence,
    progress: { ...queued, state },
  })
  const shelved = at(2, { name: 'needs-attention', reason: 'forgotten-unsent', detail: '', findings: [] })

  it('does not say that it goes by itself', () => {
    const behind = at(3, { name: 'queued' })
    expect(waitsForAnother(behind, [behind, shelved])).toBe(true)
    expect(waitsForAnother(at(3, { name: 'queued' }, 'e'), [behind, shelved])).toBe(false)
    expect(waitsForAnother(at(1, { name: 'queued' }), [behind, shelved])).toBe(false)
    expect(waitsForAnother(behind, [behind, at(2, { name: 'queued' })])).toBe(false)
  })
})

describe('a dossier that is being withdrawn', () => {
  const supplement = { requestId: 'r', state: 'open' as const, askedAt: '2026-11-22T00:00:00.000Z', simulated: true }
  const accepted: OutboxEntry['progress'] = { ...queued, state: { name: 'accepted' } }
  const entry = { kind: 'submit' as const, dossierId: 'd', operatorId: mine, progress: accepted, supplement }

  it('is not withdrawn again, and nothing is added to it', () => {
    expect([maySupply(entry, [entry]), mayWithdraw(entry, [entry], mine)]).toEqual([true, true])
    const entries = [entry, { kind: 'withdraw' as const, dossierId: 'd' }]
    expect([maySupply(entry, entries), mayWithdraw(entry, entries, mine)]).toEqual([false, false])
  })
})
