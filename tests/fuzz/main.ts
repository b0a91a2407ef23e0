/** `npm run fuzz [-- --inputs N --from N]`: a million inputs for the parsers of a chip's bytes. For the nightly run. */
import { parseArgs } from 'node:util'
import { fuzzOne } from './fuzz-parsers.ts'

const { values } = parseArgs({
  options: { inputs: { type: 'string', default: '1000000' }, from: { type: 'string', default: '0' } },
})
const [inputs, from] = [Number(values.inputs), Number(values.from)]
const started = performance.now()
let slowest = 0
for (let number = from; number < from + inputs; number += 1) {
  const began = performance.now()
  fuzzOne(number)
  slowest = Math.max(slowest, performance.now() - began)
}
const memory = Math.round(process.memoryUsage().heapUsed / 1e6)
console.log(
  `${inputs} inputs from ${from}, ${Math.round((performance.now() - started) / 1000)} s, slowest ${Math.round(slowest)} ms, heap ${memory} MB; nothing thrown`,
)
