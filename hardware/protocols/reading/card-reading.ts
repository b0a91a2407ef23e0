/** A chip's files as the kiosk is told of them: the parsed text, the groups, what is proven. Pure. */
import type { CardReading } from '../../../contracts/card.ts'
import { parseEfCom } from '../lds/lds.ts'
import type { ChipReading } from './read-chip.ts'

const groupsListed = (reading: ChipReading): string[] => {
  const com = reading.raw.get('com')
  const list = com === undefined ? undefined : parseEfCom(com)
  return list?.ok ? list.value.groups : [...reading.raw.keys()].filter((group) => group.startsWith('dg'))
}

export const describeReading = (reading: ChipReading): Omit<CardReading, 'readerName' | 'readAt'> => {
  const listed = groupsListed(reading)
  const unread = new Map(reading.absent)
  if (reading.dg13Unread !== undefined) unread.set('dg13', reading.dg13Unread)
  return {
    ...reading.text,
    groupsListed: listed,
    groupsRead: [...reading.raw.keys()].filter((group) => group !== 'com' && group !== 'sod' && !unread.has(group)),
    // A Vietnamese card without DG13 lacks what a form needs; of the others only those are missed that the chip said it has.
    groupsMissing: Array.from(unread, ([group, reason]) => ({ group, reason })).filter(
      ({ group }) => group === 'dg13' || listed.includes(group),
    ),
    accessProtocol: reading.accessProtocol,
    ...(reading.accessFallback === undefined ? {} : { accessFallback: reading.accessFallback }),
    proof: { verdict: { type: 'not-checked', reason: 'security-object-not-read' }, checks: [] },
    findings: [],
  }
}
