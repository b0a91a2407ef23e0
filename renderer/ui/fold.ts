/**
 * Search without diacritics: "lam khai sinh" finds "Làm khai sinh". Đ/đ has no decomposition in Unicode and is folded by hand.
 * A text matches when every word of the query begins some word of it.
 */
export const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}.]+/gu, ' ')
    .trim()

export const matches = (text: string, query: string): boolean => {
  const words = fold(text).split(' ')
  return fold(query)
    .split(' ')
    .every((part) => part === '' || words.some((word) => word.startsWith(part)))
}
