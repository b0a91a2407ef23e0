import type { PageBench } from '../page-bench.ts'

export const publish = (bench: PageBench): void => {
  Object.assign(globalThis, { bench })
}

/** Of each act by its name: half of them took no longer, and 95 %. */
export const quantilesOf = (acts: { [act: string]: number[] }): Record<string, number> =>
  Object.fromEntries(
    Object.entries(acts).flatMap(([act, times]) => {
      const sorted = times.toSorted((a, b) => a - b)
      const at = (part: number) => sorted[Math.floor(sorted.length * part)] ?? Number.NaN
      return [
        [`${act} half`, at(0.5)],
        [`${act} p95`, at(0.95)],
      ]
    }),
  )
