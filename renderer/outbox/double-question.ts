/** One question at a time to whoever finishes a dossier; leaving or locking the screen answers it with "stay a draft". */
import type { OutboxEntry } from '../../sync/vault/vault-api.ts'

export type DoubleQuestion = { doubles: OutboxEntry[]; decide: (reason: string | undefined) => void }

export const createDoubleQuestion = (show: (question: DoubleQuestion | null) => void) => {
  let open: DoubleQuestion | null = null
  return {
    /** The reason to hand it in all the same; undefined: it stays a draft. */
    ask: (doubles: OutboxEntry[]) =>
      new Promise<string | undefined>((resolve) => {
        const decide = (reason: string | undefined): void => {
          open = null
          show(null)
          resolve(reason)
        }
        open = { doubles, decide }
        show(open)
      }),
    cancel: () => open?.decide(undefined),
  }
}
