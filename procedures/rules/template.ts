/** Lines of a declaration: fixed words of the form and places for values (`contracts/procedure.ts` lists the notations). */

export type TemplatePiece =
  | { type: 'words'; words: string }
  | { type: 'value'; field: string; part: 'whole' | 'boxes' | 'day' | 'month' | 'year' | 'hour' | 'minute' }
  | { type: 'tick'; field: string; value: string }

const parts = ['boxes', 'day', 'month', 'year', 'hour', 'minute'] as const
const place = /\{((?:row\.)?[a-z][A-Za-z0-9]*)(?::([a-z]+)|=([^{}]+))?\}/g

export const readTemplate = (text: string): TemplatePiece[] => {
  const pieces: TemplatePiece[] = []
  let end = 0
  for (const match of text.matchAll(place)) {
    if (match.index > end) pieces.push({ type: 'words', words: text.slice(end, match.index) })
    const [whole, field = '', part, value] = match
    if (value !== undefined) pieces.push({ type: 'tick', field, value })
    else pieces.push({ type: 'value', field, part: parts.find((known) => known === part) ?? 'whole' })
    end = match.index + whole.length
  }
  if (end < text.length) pieces.push({ type: 'words', words: text.slice(end) })
  return pieces
}

/** Places that could not be read, in their author's words. */
export const templateProblems = (text: string): string[] => [
  ...readTemplate(text)
    .filter((piece) => piece.type === 'words')
    .flatMap((piece) => piece.words.match(/\{[^}]*\}?/g) ?? [])
    .map((found) => `không đọc được chỗ "${found}" / cannot be read`),
  ...[...text.matchAll(place)]
    .filter(([, , part]) => part !== undefined && !parts.some((known) => known === part))
    .map(([, , part]) => `không có phần ":${part}"; các phần: ${parts.join(', ')} / no such part`),
]
