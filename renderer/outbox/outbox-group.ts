/** What a finished dossier waits for; also the sign-in page counts by it. */
import type { OutboxEntry } from '../../sync/vault/vault-api.ts'

export type OutboxGroup = 'waiting' | 'sent' | 'accepted' | 'attention'

export const groupOf = (entry: OutboxEntry): OutboxGroup => {
  if (entry.double !== undefined && !entry.double.kept && entry.double.others.length > 0) return 'attention'
  switch (entry.progress.state.name) {
    case 'queued':
    case 'sending':
    case 'uploading':
    case 'waiting':
      return 'waiting'
    case 'received':
      return entry.status?.code === 5 ? 'attention' : 'sent'
    case 'accepted':
      return entry.status?.code === 5 ? 'attention' : 'accepted'
    case 'needs-attention':
    case 'recalled':
    case 'refused':
      return 'attention'
  }
}
