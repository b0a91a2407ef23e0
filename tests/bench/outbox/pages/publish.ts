import type { PageBench } from '../page-bench.ts'

export const publish = (bench: PageBench): void => {
  Object.assign(globalThis, { bench })
}
