/**
 * What a personal number (số định danh cá nhân) says of its bearer: 3 digits of province, 1 of century and sex, 2 of the
 * year, 6 of chance (Decree 137/2015/NĐ-CP article 13, Circular 07/2016/TT-BCA). Even = male, odd = female.
 * It is a hint: numbers and papers do differ, so callers may warn and never refuse.
 */
export const isPersonalNumber = (text: string): boolean => /^\d{12}$/.test(text)

export const birthYearOfNumber = (text: string): number | undefined =>
  isPersonalNumber(text) ? 1900 + Math.floor(Number(text[3]) / 2) * 100 + Number(text.slice(4, 6)) : undefined

export const sexOfNumber = (text: string): 'Nam' | 'Nữ' | undefined =>
  isPersonalNumber(text) ? (Number(text[3]) % 2 === 0 ? 'Nam' : 'Nữ') : undefined
