/**
 * The number on the support slip, like P7-K3M-9Q. Without I, O, 0, 1, which people misread; never shaped like an official code.
 * It is random, says nothing of the citizen, and is unique on its machine.
 */
const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const digits = '23456789'

const pick = (alphabet: string): string => {
  const [byte = 0] = crypto.getRandomValues(new Uint8Array(1))
  // 32 and 8 divide 256: no character is likelier than another.
  return alphabet.charAt(byte % alphabet.length)
}

export const makeSlipCode = (): string => {
  const run = (count: number) => Array.from({ length: count }, () => pick(letters)).join('')
  return `P${pick(digits)}-${run(3)}-${run(2)}`
}
