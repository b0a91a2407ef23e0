import { expect, it } from 'vitest'
import type { AttachmentFacts } from '../../contracts/dossier.ts'
import { inOrderOf } from './change-papers.ts'

const file = (attachmentId: string): AttachmentFacts => ({
  attachmentId,
  paperId: 'birthPaper',
  fileName: `${attachmentId}.jpg`,
  mediaType: 'image/jpeg',
  size: 1,
  sha256: '0'.repeat(64),
})

it('keeps the pages in the order they were put in, whatever order the store has them in', () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(file)
  if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error('four files')
  expect(inOrderOf([c, a, b], [a, b, c])).toEqual([c, a, b])
  // `d` was stored and not listed yet; `b` is listed and no longer stored.
  expect(inOrderOf([c, b, a], [a, c, d])).toEqual([c, a, d])
})
