/** PINs that are too short, or that anybody tries first. Screens judge by it before the vault does. */

export const isWeakPin = (pin: string): boolean => {
  if (!/^\d{6,32}$/.test(pin)) return true
  const steps = new Set(Array.from(pin.slice(1), (digit, at) => (10 + Number(digit) - Number(pin.charAt(at))) % 10))
  // 111111, 123456, 1234567890, 987654
  return steps.size === 1 && [0, 1, 9].some((step) => steps.has(step))
}
