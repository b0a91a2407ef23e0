/** Finding a name in a code list: capitals, blanks, tone marks and where they stand do not matter; the name kept is the list's. */
import { type CodeListEntry, codeLists } from '../code-lists/index.ts'

export const isCodeList = (listId: string): boolean => Object.hasOwn(codeLists, listId)

export const entriesOf = (listId: string): readonly CodeListEntry[] => codeLists[listId]?.entries ?? []

/** Letters only, without marks. `đ` has no canonical decomposition, so it is named. */
export const foldForSearch = (text: string): string =>
  text
    .normalize('NFD')
    .toLowerCase()
    .replace(/đ/g, 'd')
    .replace(/[^\p{L}\p{N}]/gu, '')

const exact = (text: string): string =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s-]+/g, ' ')
    .trim()

const marksOf = (text: string): string =>
  [...text.normalize('NFD').toLowerCase()]
    .filter((letter) => letter === 'đ' || /\p{M}/u.test(letter))
    .sort()
    .join('')

/**
 * A name as written wins. Marks may be left out altogether, or stand on another vowel (hòa, hoà); different marks are another
 * word, so "bá" never becomes "bà".
 */
export const findInList = (listId: string, text: string): CodeListEntry | undefined => {
  const entries = entriesOf(listId)
  const namesOf = (entry: CodeListEntry): string[] => [entry.name, ...entry.aliases]
  const written = exact(text)
  const folded = foldForSearch(text)
  const marks = marksOf(text)
  if (folded === '') return undefined
  return (
    entries.find((entry) => exact(entry.name) === written) ??
    entries.find((entry) => namesOf(entry).some((name) => exact(name) === written)) ??
    entries.find((entry) =>
      namesOf(entry).some((name) => foldForSearch(name) === folded && (marks === '' || marksOf(name) === marks)),
    )
  )
}
