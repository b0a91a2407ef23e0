/** Who may take a finished dossier back: only the one who made it holds the key to it, and only before it has gone. */
import type { OutboxEntry } from '../../sync/vault/vault-api.ts'

export const mayTakeBack = (entry: Pick<OutboxEntry, 'canTakeBack' | 'operatorId' | 'progress'>, operatorId: string): boolean =>
  entry.canTakeBack &&
  entry.operatorId === operatorId &&
  ['queued', 'waiting', 'needs-attention', 'recalled'].includes(entry.progress.state.name)

/** Bytes of it may have left: the gateway is asked first. */
export const mayRecall = (entry: Pick<OutboxEntry, 'canRecall' | 'operatorId'>, operatorId: string): boolean =>
  entry.canRecall && entry.operatorId === operatorId

type Event = Pick<OutboxEntry, 'kind' | 'dossierId' | 'sequence' | 'progress'>

/** The last event of its dossier that waits behind this one, and comes back before it. The gateway is not asked for this one until then. */
export const eventBehind = <E extends Event>(entry: Event, entries: readonly E[]): E | undefined =>
  entries
    .filter(({ dossierId, sequence }) => dossierId === entry.dossierId && sequence > entry.sequence)
    .toSorted((a, b) => b.sequence - a.sequence)[0]

/** It stands in the queue, and an event of its dossier before it lies there for a person: until somebody sees to that one, this one stays. */
export const waitsForAnother = (entry: Event, entries: readonly Event[]): boolean =>
  ['queued', 'waiting'].includes(entry.progress.state.name) &&
  entries.some(
    ({ dossierId, sequence, progress: { state } }) =>
      dossierId === entry.dossierId && sequence < entry.sequence && ['needs-attention', 'recalled'].includes(state.name),
  )

/** A person asked for it to be withdrawn; whether the agency has heard is the request's own state. */
export const isWithdrawn = (
  { dossierId }: Pick<OutboxEntry, 'dossierId'>,
  entries: readonly Pick<OutboxEntry, 'kind' | 'dossierId'>[],
) => entries.some((other) => other.kind === 'withdraw' && other.dossierId === dossierId)

/** What the agency has, or will have, and nobody has withdrawn yet. */
export const mayWithdraw = (
  entry: Pick<OutboxEntry, 'kind' | 'dossierId' | 'operatorId' | 'progress' | 'rebuilt'>,
  entries: readonly Pick<OutboxEntry, 'kind' | 'dossierId'>[],
  operatorId: string,
): boolean =>
  entry.kind === 'submit' &&
  // Of a store that was lost its operators are gone too: whoever works here now may act for the citizen.
  (entry.operatorId === operatorId || entry.rebuilt === true) &&
  ['received', 'accepted'].includes(entry.progress.state.name) &&
  !isWithdrawn(entry, entries)

/** The agency asks for more, and the citizen has not withdrawn it. */
export const maySupply = (
  entry: Pick<OutboxEntry, 'dossierId' | 'supplement'>,
  entries: readonly Pick<OutboxEntry, 'kind' | 'dossierId'>[],
): boolean => entry.supplement?.state === 'open' && !isWithdrawn(entry, entries)

/** On the shelf with its sealed bytes: it may go to the gateway's desk as a file, for somebody to look at. */
export const isShelvedHere = ({ progress: { state } }: Pick<OutboxEntry, 'progress'>): boolean =>
  state.name === 'needs-attention' && state.reason !== 'forgotten-unsent'
