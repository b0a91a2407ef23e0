/** `npm run pin-cost`: measures one guess on this machine and prints what a search costs, for each kind of device secret. */
import { argon2id } from 'hash-wasm'
import { pinSearchCost } from './pin-cost.ts'

const guess = () =>
  argon2id({
    password: '604182',
    salt: new Uint8Array(16),
    parallelism: 1,
    iterations: 3,
    memorySize: 65_536,
    hashLength: 32,
    outputType: 'binary',
  })

await guess()
const times: number[] = []
for (let run = 0; run < 5; run += 1) {
  const started = performance.now()
  await guess()
  times.push(performance.now() - started)
}
const [, , measured = 0] = times.toSorted((a, b) => a - b)
const round = (value: number) => value.toLocaleString('en', { maximumSignificantDigits: 2 })
console.log(
  `one guess here, in WebAssembly: ${measured.toFixed(0)} ms (median of 5); reckoned with 100 ms for an attacker's native core`,
)
for (const secret of ['file', 'os-keystore', 'tpm'] as const) {
  for (const digits of [6, 8, 10, 12]) {
    const cost = pinSearchCost(secret, digits)
    const words =
      cost.kind === 'unsearchable'
        ? 'nothing can be tried with the disk alone'
        : `${round(cost.coreHours)} core-hours, about ${round(cost.dollars)} US dollars${cost.enough ? '' : ': the kiosk asks for a longer PIN'}`
    console.log(`${secret.padEnd(12)} ${String(digits).padStart(2)} digits  ${words}`)
  }
}
