import { describe, expect, it } from 'vitest'
import type { OutboxEntry } from '../../sync/vault/vault-api.ts'
import { mayTakeBack } from './take-back.ts'

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
})
