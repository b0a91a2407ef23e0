/** Changes the machine's table for a run and puts it back afterwards. */
import type { OutboxProgress } from '../../contracts/outbox.ts'
import { type OutboxEvent, type Transition, table } from '../../sync/engine/outbox-machine.ts'
import type { PlantedBug } from './planted-bugs.ts'

const stay = (progress: OutboxProgress): Transition => ({ progress, effects: [] })
const tenDaysMs = 10 * 86_400_000

type Failed = Extract<OutboxEvent, { type: 'failed' }>
type Act = (progress: OutboxProgress, event: Failed) => Transition

const changeFailed = (change: (failed: Act) => Act): void => {
  const { sending, uploading } = table
  const [ofSending, ofUploading] = [sending.failed, uploading.failed]
  sending.failed = (progress, state, event) => change((given, told) => ofSending(given, state, told))(progress, event)
  uploading.failed = (progress, state, event) => change((given, told) => ofUploading(given, state, told))(progress, event)
}

export const plantInEngine = (bug: PlantedBug): (() => void) => {
  const { sending, uploading } = table
  const before = { sending: { ...sending }, uploading: { ...uploading } }
  if (bug === 'retry-on-400') {
    changeFailed(
      (failed) => (progress, event) =>
        failed(progress, event.failure.kind === 'rejected' ? { ...event, failure: { kind: 'network' } } : event),
    )
  }
  if (bug === 'lease-never-ends') {
    for (const row of [sending, uploading]) Object.assign(row, { claim: stay, takeover: stay })
  }
  if (bug === 'backoff-without-cap') {
    changeFailed((failed) => (progress, event) => {
      const next = failed(progress, event)
      const { state } = next.progress
      if (state.name !== 'waiting') return next
      const until = event.now + Math.min(tenDaysMs, 2_000 * 2 ** next.progress.attempt)
      return { ...next, progress: { ...next.progress, state: { ...state, until } } }
    })
  }
  return () => {
    Object.assign(sending, before.sending)
    Object.assign(uploading, before.uploading)
  }
}
