/**
 * What can be done to the files of a dossier's papers. Every page is sealed in the vault the moment it is there; a page that is turned,
 * cut or joined is first stored anew and only then the old one goes, so that a stop in between leaves one file too many, never one too few.
 */
import { t } from '@lingui/core/macro'
import { useState } from 'react'
import type { AttachmentFacts } from '../../contracts/dossier.ts'
import { err, ok, type Result } from '../../contracts/result.ts'
import type { Vault } from '../../sync/vault/vault-api.ts'
import { storeMessage } from '../app/words.ts'
import type { MachineMessage } from '../ui/message.tsx'
import type { PapersChange } from '../wizard/change-papers.ts'
import type { RunningWork } from '../wizard/running-work.ts'
import type { PageFile } from './combine-pages.ts'
import { changePage, type PageChange } from './page-image.ts'
import type { PageDoubt } from './page-quality.ts'
import { fileMessage } from './paper-words.ts'
import { type TakenFile, takeFile, takeReducedPdf } from './take-file.ts'

type Bytes = Uint8Array<ArrayBuffer>
export type PaperTrouble = {
  paperId: string
  message: MachineMessage
  /** A PDF above the limit: may be made smaller, after a look at it. */
  reducible?: { fileName: string; bytes: Bytes }
}
export type FileNote = { reducedFrom?: number; doubts: PageDoubt[] }

export type PaperFiles = {
  /** The paper something is being stored for. */
  busy: string | null
  trouble: PaperTrouble | null
  /** What was seen when a file was added, by attachment. */
  notes: ReadonlyMap<string, FileNote>
  addFile(paperId: string, name: string, bytes: Bytes): Promise<boolean>
  addPage(paperId: string, page: TakenFile): Promise<boolean>
  reduce(paperId: string, fileName: string, bytes: Bytes): Promise<TakenFile | null>
  read(attachmentId: string): Promise<Bytes | null>
  change(file: AttachmentFacts, change: PageChange): Promise<boolean>
  combine(paperId: string, files: readonly AttachmentFacts[]): Promise<boolean>
  /** One place earlier among the files of its paper. */
  moveUp(file: AttachmentFacts): void
  remove(file: AttachmentFacts): Promise<void>
  keep(attachmentId: string): void
}

type Sources = { draftId: string; vault: Vault; work: RunningWork; onChanged: (change: PapersChange) => void }

export const usePaperFiles = ({ draftId, vault, work, onChanged }: Sources): PaperFiles => {
  const [busy, setBusy] = useState<string | null>(null)
  const [trouble, setTrouble] = useState<PaperTrouble | null>(null)
  const [notes, setNotes] = useState<ReadonlyMap<string, FileNote>>(new Map())

  const store = async (
    paperId: string,
    file: TakenFile,
  ): Promise<Result<AttachmentFacts, { type: 'refused'; message: MachineMessage }>> => {
    const { fileName, mediaType, bytes } = file
    const added = await vault.addAttachment(draftId, { paperId, fileName, mediaType, bytes })
    if (added.ok) return ok(added.value)
    const refused = (message: MachineMessage) => err({ type: 'refused', message })
    switch (added.error.type) {
      case 'disk-full':
      case 'store-closed':
      case 'store-broken':
        return refused(storeMessage(added.error))
      case 'empty-file':
        return refused(fileMessage(fileName, { type: 'empty' }))
      case 'too-large':
        return refused(fileMessage(fileName, { type: 'not-reducible', size: bytes.length, limit: added.error.maxBytes }))
      default:
        return refused({ title: t`Thêm lại tệp này`, body: t`Tệp chưa được lưu. Những gì đã khai còn nguyên.`, code: 'TEP-07' })
    }
  }

  const note = (attachmentId: string, { reducedFrom, doubts }: TakenFile): void =>
    setNotes((current) => new Map(current).set(attachmentId, reducedFrom === undefined ? { doubts } : { reducedFrom, doubts }))

  /** One piece of work at a time is shown; leaving and going on wait for all of it. */
  const during = async <T>(paperId: string, act: () => Promise<T>): Promise<T> => {
    setBusy(paperId)
    setTrouble(null)
    try {
      return await work.add(act())
    } finally {
      setBusy(null)
    }
  }

  const add = async (paperId: string, file: TakenFile): Promise<boolean> => {
    const stored = await store(paperId, file)
    if (!stored.ok) {
      setTrouble({ paperId, message: stored.error.message })
      return false
    }
    note(stored.value.attachmentId, file)
    onChanged((current) => [...current, stored.value])
    return true
  }

  /** Stores the new file in the place of the old ones. */
  const replace = async (paperId: string, old: readonly AttachmentFacts[], file: TakenFile): Promise<boolean> => {
    const stored = await store(paperId, file)
    if (!stored.ok) {
      setTrouble({ paperId, message: stored.error.message })
      return false
    }
    note(stored.value.attachmentId, file)
    const gone = new Set(old.map((each) => each.attachmentId))
    const first = old[0]?.attachmentId
    onChanged((current) =>
      current.flatMap((each) => (each.attachmentId === first ? [stored.value] : gone.has(each.attachmentId) ? [] : [each])),
    )
    for (const attachmentId of gone) await vault.removeAttachment(attachmentId)
    return true
  }

  const bytesOf = async (attachmentId: string): Promise<Bytes | null> => {
    const found = await vault.readAttachment(attachmentId)
    return found.ok ? found.value.bytes : null
  }
  const unreadable = (file: AttachmentFacts): false => {
    setTrouble({ paperId: file.paperId, message: fileMessage(file.fileName, { type: 'unreadable', mediaType: file.mediaType }) })
    return false
  }

  return {
    busy,
    trouble,
    notes,
    addFile: (paperId, name, bytes) =>
      during(paperId, async () => {
        const taken = await takeFile(name, bytes)
        if (taken.ok) return add(paperId, taken.value)
        const message = fileMessage(name, taken.error)
        const reducible =
          taken.error.type === 'too-large' && bytes.length === taken.error.size && taken.error.limit < taken.error.size
        setTrouble(reducible ? { paperId, message, reducible: { fileName: name, bytes } } : { paperId, message })
        return false
      }),
    addPage: (paperId, page) => during(paperId, () => add(paperId, page)),
    reduce: (paperId, fileName, bytes) =>
      during(paperId, async () => {
        const reduced = await takeReducedPdf(fileName, bytes)
        if (reduced.ok) return reduced.value
        setTrouble({ paperId, message: fileMessage(fileName, reduced.error) })
        return null
      }),
    read: bytesOf,
    change: (file, change) =>
      during(file.paperId, async () => {
        const bytes = await bytesOf(file.attachmentId)
        const changed = bytes === null ? null : await changePage(bytes, change)
        if (changed === null || !changed.ok) return unreadable(file)
        const fileName = file.fileName.replace(/\.[a-z]+$/, '.jpg')
        return replace(file.paperId, [file], { fileName, mediaType: 'image/jpeg', bytes: changed.value.bytes, doubts: [] })
      }),
    combine: (paperId, files) =>
      during(paperId, async () => {
        const pages: PageFile[] = []
        for (const file of files) {
          const bytes = await bytesOf(file.attachmentId)
          if (bytes === null) return unreadable(file)
          pages.push({ mediaType: file.mediaType, bytes })
        }
        const first = files[0]
        if (first === undefined) return false
        // The PDF library is large and seldom needed.
        const combined = await import('./combine-pages.ts').then(({ combinePages }) => combinePages(pages)).catch(() => null)
        if (combined === null) return unreadable(first)
        const fileName = first.fileName.replace(/\.[a-z]+$/, '.pdf')
        return replace(paperId, files, { fileName, mediaType: 'application/pdf', bytes: combined, doubts: [] })
      }),
    moveUp: (file) =>
      onChanged((current) => {
        const at = current.findIndex((each) => each.attachmentId === file.attachmentId)
        const before = current.slice(0, at).findLastIndex((each) => each.paperId === file.paperId)
        const earlier = current[before]
        const moved = current[at]
        if (earlier === undefined || moved === undefined) return current
        return current.map((each, index) => (index === before ? moved : index === at ? earlier : each))
      }),
    remove: async (file) => {
      const removed = await work.add(vault.removeAttachment(file.attachmentId))
      if (removed.ok || removed.error.type === 'not-found') {
        onChanged((current) => current.filter((each) => each.attachmentId !== file.attachmentId))
      } else if (removed.error.type !== 'locked') setTrouble({ paperId: file.paperId, message: storeMessage(removed.error) })
    },
    keep: (attachmentId) =>
      setNotes((current) => {
        const found = current.get(attachmentId)
        return found === undefined ? current : new Map(current).set(attachmentId, { ...found, doubts: [] })
      }),
  }
}
