/**
 * Whether a field would be drawn as it is. Findings and known places are made anew with every answer and mostly say the same; whether a doubt was kept is
 * asked of each. Everything else counts by identity, so whoever draws fields keeps their acts the same (`fieldActs`).
 */
import type { Finding } from '../../contracts/procedure.ts'
import type { FieldProps } from './field-frame.tsx'

const saysTheSame = (one: Finding, other: Finding): boolean =>
  one === other ||
  (one.severity === other.severity &&
    one.rule === other.rule &&
    one.message.vi === other.message.vi &&
    one.message.en === other.message.en)

export const drawsTheSame = (before: FieldProps, now: FieldProps): boolean => {
  const { findings: were, isKept: wasKept, places: named, ...other } = before
  const { findings, isKept, places, ...props } = now
  const known: Readonly<Record<string, unknown>> = other
  const entries = Object.entries(props)
  return (
    entries.length === Object.keys(known).length &&
    entries.every(([name, value]) => Object.is(value, known[name])) &&
    places.length === named.length &&
    places.every((place, index) => place === named[index]) &&
    findings.length === were.length &&
    findings.every((finding, index) => {
      const was = were[index]
      return was !== undefined && saysTheSame(was, finding) && wasKept(was) === isKept(finding)
    })
  )
}
