/**
 * Whether a field would be drawn as it is. Findings and known places are made anew with every answer and mostly say the same; whether a doubt was kept is
 * asked of each. Everything else counts by identity, so whoever draws fields keeps their acts the same (`fieldActs`). Asked of each field at each
 * keystroke: it makes nothing.
 */
import type { Finding } from '../../contracts/procedure.ts'
import type { FieldProps } from './field-frame.tsx'

const saysTheSame = (one: Finding, other: Finding): boolean =>
  one === other ||
  (one.severity === other.severity &&
    one.rule === other.rule &&
    one.message.vi === other.message.vi &&
    one.message.en === other.message.en)

const sameFindings = (before: FieldProps, now: FieldProps): boolean =>
  before.findings.length === now.findings.length &&
  now.findings.every((finding, index) => {
    const was = before.findings[index]
    return was !== undefined && saysTheSame(was, finding) && before.isKept(was) === now.isKept(finding)
  })

const samePlaces = ({ places: named }: FieldProps, { places }: FieldProps): boolean =>
  places === named || (places.length === named.length && places.every((place, index) => place === named[index]))

/** Every other part of what a field is given, each named: a new one does not compile until it is looked at here. */
const byIdentity: Record<Exclude<keyof FieldProps, 'findings' | 'isKept' | 'places'>, true> = {
  field: true,
  answer: true,
  required: true,
  pointPlace: true,
  onType: true,
  onAnswer: true,
  onKeep: true,
  onUnlock: true,
}
const names = Object.keys(byIdentity) as (keyof typeof byIdentity)[]

export const drawsTheSame = (before: FieldProps, now: FieldProps): boolean =>
  names.every((name) => Object.is(before[name], now[name])) && samePlaces(before, now) && sameFindings(before, now)
