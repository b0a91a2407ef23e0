/** Whether packets are coming in one after the other: a queue that drains, not a clerk who finishes a dossier. */
import type { Clock } from '../../../contracts/clock.ts'

const windowMs = 1_000
const many = 5

export const createArrivals = (clock: Pick<Clock, 'monotonic'>) => {
  let recent: number[] = []
  const lately = () => {
    const since = clock.monotonic() - windowMs
    recent = recent.filter((at) => at >= since)
    return recent.length
  }
  return {
    note: () => {
      if (lately() < many) recent.push(clock.monotonic())
      else recent = [...recent.slice(1), clock.monotonic()]
    },
    isBusy: () => lately() >= many,
  }
}
