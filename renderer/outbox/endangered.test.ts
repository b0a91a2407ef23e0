import { describe, expect, it } from 'vitest'
import { catalogue } from '../../procedures/catalogue.ts'
import { endangered } from './endangered.ts'

const { procedures } = catalogue.parseAll()

const stay = procedures.find(({ code }) => code === '2.001159') ?? expect.fail('it is in the catalogue')
const [deadline] = stay.deadlines

type Waiting = Parameters<typeof endangered>[0]
const waiting = (name: 'queued' | 'received'): Waiting => ({
  procedureCode: stay.code,
  procedureVersion: stay.version,
  progress: { state: { name }, attempt: 0, reuploads: 0 },
  deadlines: [{ id: deadline?.id ?? '', until: '2026-11-22T23:00' }],
})
const states = (entry: Waiting, instant: string) => endangered(entry, new Date(instant)).map(({ state }) => state)

describe('a notice of stay that waits in the queue', () => {
  it('is said to be in danger as 23:00 comes near, and late after it, until the gateway has it', () => {
    expect(states(waiting('queued'), '2026-11-22T05:00:00.000Z')).toEqual([])
    expect(states(waiting('queued'), '2026-11-22T15:30:00.000Z')).toEqual(['near'])
    expect(states(waiting('queued'), '2026-11-22T16:01:00.000Z')).toEqual(['late'])
    expect(states(waiting('received'), '2026-11-22T16:01:00.000Z')).toEqual([])
    expect(endangered(waiting('queued'), new Date('2026-11-22T15:30:00.000Z'))[0]?.otherWay.vi).toBe(deadline?.otherWay.vi)
  })
})
