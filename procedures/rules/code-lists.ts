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

type ListIndex = { byName: Map<string, CodeListEntry>; byLetters: Map<string, { entry: CodeListEntry; marks: string }[]> }

const indexOf = (entries: readonly CodeListEntry[]): ListIndex => {
  const index: ListIndex = { byName: new Map(), byLetters: new Map() }
  for (const entry of entries) index.byName.set(exact(entry.name), entry)
  for (const entry of entries) {
    for (const name of [entry.name, ...entry.aliases]) {
      if (!index.byName.has(exact(name))) index.byName.set(exact(name), entry)
      const letters = foldForSearch(name)
      index.byLetters.set(letters, [...(index.byLetters.get(letters) ?? []), { entry, marks: marksOf(name) }])
    }
  }
  return index
}

const indexByList = new Map(Object.values(codeLists).map((list) => [list.id, indexOf(list.entries)]))

/**
 * A name as written wins. Marks may be left out altogether, or stand on another vowel (hòa, hoà); different marks are another
 * word, so "bá" never becomes "bà".
 */
export const findInList = (listId: string, text: string): CodeListEntry | undefined => {
  const index = indexByList.get(listId)
  const written = index?.byName.get(exact(text))
  if (written !== undefined) return written
  const marks = marksOf(text)
  return index?.byLetters.get(foldForSearch(text))?.find((candidate) => marks === '' || candidate.marks === marks)?.entry
}
