/**
 * "Ghi bằng chữ" of the birth declaration: 02/11/2026 → "Ngày hai tháng mười một năm hai nghìn không trăm hai mươi sáu".
 * Reading of numbers as the registry writes them: mươi → mốt, tư, lăm; linh before a single unit; tháng tư.
 */
import { readDate } from './dates.ts'

const digits = ['không', 'một', 'hai', 'ba', 'bốn', 'năm', 'sáu', 'bảy', 'tám', 'chín']
const digit = (value: number): string => {
  const word = digits[value]
  if (word === undefined) throw new Error('not a digit')
  return word
}

const belowHundred = (value: number): string => {
  const tens = Math.floor(value / 10)
  const unit = value % 10
  if (tens === 0) return digit(unit)
  const tensWord = tens === 1 ? 'mười' : `${digit(tens)} mươi`
  if (unit === 0) return tensWord
  if (unit === 5) return `${tensWord} lăm`
  if (unit === 1 && tens > 1) return `${tensWord} mốt`
  if (unit === 4 && tens > 1) return `${tensWord} tư`
  return `${tensWord} ${digit(unit)}`
}

const yearInWords = (year: number): string => {
  const hundreds = Math.floor(year / 100) % 10
  const rest = year % 100
  const words = [`${digit(Math.floor(year / 1000))} nghìn`]
  if (hundreds > 0 || rest > 0) words.push(`${digit(hundreds)} trăm`)
  if (rest > 0) words.push(rest < 10 ? `linh ${digit(rest)}` : belowHundred(rest))
  return words.join(' ')
}

/** Empty when the text is no date. A partial date gives partial words. */
export const dateInWords = (text: string): string => {
  const read = readDate(text)
  if (!read.ok) return ''
  const { year, month, day } = read.value
  const words = [`năm ${yearInWords(year)}`]
  if (month !== undefined) words.unshift(`tháng ${month === 4 ? 'tư' : belowHundred(month)}`)
  if (day !== undefined) words.unshift(`ngày ${belowHundred(day)}`)
  const sentence = words.join(' ')
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}
