/**
 * A small record in a file whose bytes are all there from the beginning, so that it can be written when the disk is full. Two slots of
 * fixed size, each with a sequence number and the SHA-256 of its content; a write goes over the older one, in place, and is synced.
 *
 * Invariants: a write torn by a power cut leaves the other slot, which is the record before it; a resolved write is on disk.
 */
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { z } from 'zod'
import { readIfThere, writeDurably } from './durable-file.ts'

const magic = Buffer.from('TRAMREC1', 'ascii')
const headBytes = magic.length + 8 + 4 + 32
const slotBytes = 32 * 1024

export type SteadyFile<T> = {
  value(): T
  /** One after the other; `change` sees what the write before left. */
  update(change: (value: T) => T): Promise<T>
}

/** Over the sequence number too: else an old content under a new number would pass for the newest. */
const digest = (slot: Uint8Array, length: number) =>
  createHash('sha256')
    .update(slot.subarray(0, 20))
    .update(slot.subarray(headBytes, headBytes + length))
    .digest()

const encodeSlot = (sequence: bigint, value: unknown): Buffer => {
  const content = Buffer.from(JSON.stringify(value), 'utf8')
  if (content.length > slotBytes - headBytes) throw new Error('The record does not fit its slot')
  const slot = Buffer.alloc(slotBytes)
  magic.copy(slot)
  slot.writeBigUInt64BE(sequence, 8)
  slot.writeUInt32BE(content.length, 16)
  content.copy(slot, headBytes)
  digest(slot, content.length).copy(slot, 20)
  return slot
}

const decodeSlot = (slot: Buffer): { sequence: bigint; json: unknown } | undefined => {
  if (slot.length < headBytes || !slot.subarray(0, 8).equals(magic)) return undefined
  const length = slot.readUInt32BE(16)
  if (length > slotBytes - headBytes || !digest(slot, length).equals(slot.subarray(20, headBytes))) return undefined
  const content = slot.subarray(headBytes, headBytes + length)
  return { sequence: slot.readBigUInt64BE(8), json: JSON.parse(content.toString('utf8')) }
}

export const openSteadyFile = async <T>(file: string, schema: z.ZodType<T>, initial: T): Promise<SteadyFile<T>> => {
  const bytes = await readIfThere(file)
  let newest = { sequence: 1n, at: 0 }
  let value = initial
  if (bytes === undefined) {
    // Zeros that were written, not a hole: a hole needs room when it is filled.
    await writeDurably(file, Buffer.concat([encodeSlot(1n, initial), Buffer.alloc(slotBytes)]))
  } else {
    const slots = [0, 1]
      .map((at) => ({ at, slot: decodeSlot(Buffer.from(bytes.subarray(at * slotBytes, (at + 1) * slotBytes))) }))
      .flatMap(({ at, slot }) => (slot === undefined ? [] : [{ at, ...slot }]))
      .toSorted((a, b) => (a.sequence < b.sequence ? 1 : -1))
    const [latest] = slots
    if (latest === undefined) throw new Error(`${file} is damaged: restore it, for it holds the counts of wrong PINs`)
    value = schema.parse(latest.json)
    newest = latest
  }
  let turn: Promise<unknown> = Promise.resolve()
  const write = async (next: T): Promise<T> => {
    const sequence = newest.sequence + 1n
    const at = 1 - newest.at
    const handle = await open(file, 'r+')
    try {
      await handle.write(encodeSlot(sequence, next), 0, slotBytes, at * slotBytes)
      await handle.datasync()
    } finally {
      await handle.close()
    }
    newest = { sequence, at }
    value = next
    return next
  }
  return {
    value: () => value,
    update: (change) => {
      const next = turn.then(() => write(change(value)))
      turn = next.catch(() => undefined)
      return next
    },
  }
}
