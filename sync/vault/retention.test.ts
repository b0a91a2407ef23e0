import 'fake-indexeddb/auto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TramDatabase } from './database.ts'
import { judgeDraft } from './retention.ts'
import { makeGatewayKeys, makeStation } from './station.fixture.ts'
import { openVault } from './vault.ts'

const hour = 3_600_000
const limit = 72 * hour

describe('a draft nobody goes on with', () => {
  it('is not destroyed by a weekend: the warning needs half a working day of the machine being on', () => {
    let aging: Parameters<typeof judgeDraft>[0] = { since: 0 }
    const look = (hours: number) => {
      const verdict = judgeDraft(aging, hours * hour, limit)
      if (verdict.fate === 'note') aging = verdict.change.aging
      return verdict.fate
    }
    // Friday evening, then a machine that was off for days each time.
    for (const hours of [48, 72, 96, 120]) expect(look(hours)).toBe('note')
    expect(aging).toMatchObject({ hoursLeft: 3 })
    for (let hours = 120.25; hours < 122.5; hours += 0.25) expect(look(hours)).toBe('note')
    expect(look(122.5)).toBe('destroy')
  })

  it('is never destroyed before its limit, nor before a warning of a day, however the looks fall', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 60 }), (steps) => {
        let aging: Parameters<typeof judgeDraft>[0]
        let warnedAt: number | undefined
        let now = 0
        for (const step of steps) {
          now += step * hour
          const verdict = judgeDraft(aging, now, limit)
          if (verdict.fate === 'destroy') {
            expect(now - (aging?.since ?? now)).toBeGreaterThanOrEqual(limit)
            expect(now - (warnedAt ?? now)).toBeGreaterThanOrEqual(24 * hour)
            return
          }
          if (verdict.fate === 'note') aging = verdict.change.aging
          if (aging?.hoursLeft !== undefined) warnedAt ??= now
        }
      }),
      { numRuns: 300, seed: 5 },
    )
  })

  it('goes with its key and its papers; a change begins its time again', async () => {
    const made = await makeStation(await makeGatewayKeys())
    const opened = await openVault({
      station: made.station,
      databaseName: 'retention',
      pinCost: { memoryKib: 64, iterations: 1 },
    })
    if (!opened.ok) throw new Error(opened.error.type)
    const vault = opened.value
    const operator = await vault.createOperator({ name: 'Mẫu', pin: '604182' })
    if (!operator.ok) throw new Error(operator.error.type)
    await vault.signIn({ operatorId: operator.value.operatorId, pin: '604182' })
    const draftOf = { procedureCode: '1.001193', procedureVersion: '2025-07-01', content: 1, label: 'A', training: true }
    const [old, worked] = [await vault.createDraft(draftOf), await vault.createDraft(draftOf)]
    if (!old.ok || !worked.ok) throw new Error('not created')
    const bytes = Uint8Array.from([0xff, 0xd8, 0xff, 1])
    await vault.addAttachment(old.value.draftId, { paperId: 'birthPaper', fileName: 'a.jpg', mediaType: 'image/jpeg', bytes })
    const look = async (hours: number) => {
      made.standing.elapsedMs = hours * hour
      return vault.sweepDrafts()
    }
    await look(1)
    await look(50)
    const drafts = await vault.listDrafts()
    expect(drafts.ok && drafts.value.map(({ hoursLeft }) => hoursLeft)).toEqual([24, 24])
    await vault.saveDraft(worked.value.draftId, { content: 2 })
    for (let hours = 50.5; hours < 74; hours += 0.5) await look(hours)
    expect(await look(74)).toEqual({ ok: true, value: { destroyed: 1 } })
    expect(await vault.listDrafts()).toMatchObject({ ok: true, value: [{ draftId: worked.value.draftId }] })
    vault.close()
    const database = new TramDatabase('retention')
    expect([await database.attachments.count(), await database.chunks.count()]).toEqual([0, 0])
    database.close()
  })
})
