/**
 * A chip's faults as one writes them at the command line and for training: `no-dg13`, `removed-after:6`, `signed-by:expired`.
 *
 * Invariant: each fault there is can be written.
 */
import type { ChipFault } from './simulated-chip.ts'

type Written = (argument: string) => ChipFault | undefined
type Plain = Exclude<ChipFault, { apdus: number } | { bytes: number } | { count: number } | { signer: string }>['type']

const plain =
  (type: Plain): Written =>
  (argument) =>
    argument === '' ? { type } : undefined

const counted =
  (make: (count: number) => ChipFault): Written =>
  (argument) =>
    /^\d{1,6}$/.test(argument) ? make(Number(argument)) : undefined

type Signer = Extract<ChipFault, { type: 'signed-by' }>['signer']
const signers: Readonly<Record<Signer, true>> = {
  valid: true,
  expired: true,
  revoked: true,
  foreign: true,
  'unknown-authority': true,
  nobody: true,
}
const isSigner = (text: string): text is Signer => Object.hasOwn(signers, text)

const words: Readonly<Record<ChipFault['type'], Written>> = {
  'removed-after': counted((apdus) => ({ type: 'removed-after', apdus })),
  'silent-after': counted((apdus) => ({ type: 'silent-after', apdus })),
  'garbled-after': counted((apdus) => ({ type: 'garbled-after', apdus })),
  'wrong-key': plain('wrong-key'),
  'no-dg13': plain('no-dg13'),
  'garbage-dg13': plain('garbage-dg13'),
  'two-persons': plain('two-persons'),
  'expired-card': plain('expired-card'),
  'not-an-identity-card': plain('not-an-identity-card'),
  'no-pace': plain('no-pace'),
  'no-bac': plain('no-bac'),
  'master-file-first': plain('master-file-first'),
  'parameters-wanted': plain('parameters-wanted'),
  'no-short-identifiers': plain('no-short-identifiers'),
  'no-reading-over': plain('no-reading-over'),
  'le-limit': counted((bytes) => ({ type: 'le-limit', bytes })),
  'plain-refusals': plain('plain-refusals'),
  buffer: counted((bytes) => ({ type: 'buffer', bytes })),
  'copied-chip': plain('copied-chip'),
  'mapping-copied': plain('mapping-copied'),
  'signed-by': (argument) => (isSigner(argument) ? { type: 'signed-by', signer: argument } : undefined),
  'changed-group': plain('changed-group'),
  'keys-hidden': plain('keys-hidden'),
  'tries-left': counted((count) => ({ type: 'tries-left', count })),
}

export const chipFaultNames: readonly string[] = Object.keys(words)

/** Undefined for what is no fault. */
export const chipFaultOf = (text: string): ChipFault | undefined => {
  const [name = '', argument = ''] = text.trim().split(':')
  const known = Object.entries(words).find(([each]) => each === name)
  return known?.[1](argument)
}

/**
 * Faults of several chips, one chip after another: `changed-group,-,no-dg13+no-pace`. What is no fault is left out: a training station
 * starts all the same.
 */
export const chipFaultsOf = (text: string): ChipFault[][] =>
  text.split(',').map((each) => each.split('+').flatMap((fault) => chipFaultOf(fault) ?? []))
