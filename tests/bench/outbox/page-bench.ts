/** What every contestant's page can be asked, and what with. */

export type Workload = {
  /** The dossier as JSON text, about 10 KB; the same for everybody. */
  dossier: string
  attachmentBytes: number
}

/** What a page puts at `globalThis.bench`. Everything is awaited from outside, one call at a time. */
export type PageBench = {
  open(workload: Workload): Promise<void>
  /** One dossier after the other, each acknowledged before the next begins: milliseconds of each. */
  enqueue(first: number, count: number): Promise<number[]>
  /** Begins to send; resolves at once. */
  startDraining(serverUrl: string): Promise<void>
  /** How many the page itself still holds as not sent. */
  left(): Promise<number>
  /** Dossiers with their attachments whole, to the last byte, as they can be read back now. */
  intact(): Promise<number>
  /** Acknowledged so far; read while `enqueue` runs. */
  acknowledged: number
  /** Of the last `enqueue`: other figures of interest, by name, in milliseconds. */
  notes?: Record<string, number>
}
