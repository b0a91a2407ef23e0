import { describe, expect, it } from 'vitest'
import { createActor } from 'xstate'
import type { AttachmentFacts } from '../../contracts/dossier.ts'
import { catalogue } from '../../procedures/catalogue.ts'
import { changePapers } from './change-papers.ts'
import { createWizardMachine } from './machine/wizard-machine.ts'
import { createRunningWork } from './running-work.ts'

const { procedures } = catalogue.parseAll()

const fileOf = (attachmentId: string): AttachmentFacts => ({
  attachmentId,
  paperId: 'birthProof',
  fileName: `${attachmentId}.jpg`,
  mediaType: 'image/jpeg',
  size: 1000,
  sha256: 'a'.repeat(64),
})

const opened = () => {
  let resolve: () => void = () => undefined
  let reject: (cause: Error) => void = () => undefined
  const promise = new Promise<void>((onDone, onFail) => {
    resolve = onDone
    reject = onFail
  })
  return { promise, resolve, reject }
}

describe('the work under way in a dossier', () => {
  it('settles only when everything has ended, also what began meanwhile and what failed', async () => {
    const work = createRunningWork()
    const log: string[] = []
    const first = opened()
    const second = opened()
    void work.add(first.promise).then(() => work.add(second.promise).catch(() => log.push('failed')))
    const settled = work.settled().then(() => log.push('settled'))
    expect(work.busy()).toBe(true)
    first.resolve()
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(log).toEqual([])
    second.reject(new Error('no room'))
    await settled
    expect(log).toEqual(['failed', 'settled'])
    expect(work.busy()).toBe(false)
  })

  it('keeps both of two files that were stored side by side, and takes away only the one that is meant', () => {
    const [procedure] = procedures
    if (procedure === undefined) throw new Error('the catalogue is empty')
    const input = { operatorId: '9b0f6f3e-43ad-4a60-8c4d-0d6ed3a0c001', now: () => new Date('2026-11-22T05:00:00.000Z') }
    const actor = createActor(createWizardMachine(procedure), { input }).start()
    const open = { actor, send: actor.send }
    const add = (file: AttachmentFacts) => changePapers(open, (current) => [...current, file])
    add(fileOf('one'))
    add(fileOf('two'))
    const ids = () => actor.getSnapshot().context.attachments.map((each) => each.attachmentId)
    expect(ids()).toEqual(['one', 'two'])
    changePapers(open, (current) => current.filter((each) => each.attachmentId !== 'one'))
    expect(ids()).toEqual(['two'])
    actor.stop()
  })
})
