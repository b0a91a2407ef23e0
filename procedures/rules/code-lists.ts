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

/** `null`: several entries are called so ("Cha": đẻ, nuôi or dượng), and nobody may choose for the citizen. */
type ListIndex = { byName: Map<string, CodeListEntry | null>; byLetters: Map<string, { entry: CodeListEntry; marks: string }[]> }

const indexOf = (entries: readonly CodeListEntry[]): ListIndex => {
  const index: ListIndex = { byName: new Map(), byLetters: new Map() }
  for (const entry of entries) index.byName.set(exact(entry.name), entry)
  const names = new Set(index.byName.keys())
  for (const entry of entries) {
    for (const name of [entry.name, ...entry.aliases]) {
      const written = exact(name)
      const known = index.byName.get(written)
      if (!names.has(written)) index.byName.set(written, known === undefined || known === entry ? entry : null)
      const letters = foldForSearch(name)
      index.byLetters.set(letters, [...(index.byLetters.get(letters) ?? []), { entry, marks: marksOf(name) }])
    }
  }
  return index
}

const indexByList = new Map(Object.values(codeLists).map((list) => [list.id, indexOf(list.entries)]))

/**
 * A name as written wins. Marks may be left out altogether, or stand on another vowel (hòa, hoà); different marks are another
 * word, so "bá" never becomes "bà". A name that several entries share is none of them.
 */
export const findInList = (listId: string, text: string): CodeListEntry | undefined => {
  const index = indexByList.get(listId)
  const written = index?.byName.get(exact(text))
  if (written !== undefined) return written ?? undefined
  const marks = marksOf(text)
  const called = index?.byLetters.get(foldForSearch(text))?.filter((candidate) => marks === '' || candidate.marks === marks) ?? []
  const [first] = called
  return called.every((candidate) => candidate.entry === first?.entry) ? first?.entry : undefined
}
