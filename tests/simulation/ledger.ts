/** What was confirmed to people, and what people were shown: noted apart from every disk, and held against them. */
import type { Kiosk } from './kiosk.ts'

export type LedgerEntry = {
  dossierId: string
  kiosk: Kiosk
  /** Confirmed on the screen: saved or finished with this version. */
  confirmed: number
  /** The gateway will refuse it until it is corrected. */
  refuse: boolean
  /** Packets which became drafts again. */
  takenBack: Set<string>
  /** By packet: what was typed into it, told apart by its version. */
  versions: Map<string, number>
  papers: number
  /** Answers as the person at the screen was last shown them. */
  knows: Record<string, string>
}
export type Ledger = Map<string, LedgerEntry>
export type Shown = Map<string, Record<string, string>>
