/**
 * Lays a simulated chip on the virtual reader of the real PC/SC stack (vsmartcard's vpcd): TCP, two bytes of length (big-endian),
 * then the payload; one byte is a control (0 off, 1 on, 2 reset, 4 ATR), anything longer a command.
 *
 * Invariants: the card is on the reader exactly while the connection stands.
 */
import { connect } from 'node:net'
import type { SimulatedChip } from './chip/simulated-chip.ts'

export type VpcdCard = {
  /** Lifts the card. */
  remove(): Promise<void>
  /** Settles when the card is off the reader: lifted, pulled by its fault, or the reader gone. */
  readonly removed: Promise<void>
}

export const defaultVpcdPort = 35_963

const control = { off: 0, on: 1, reset: 2, atr: 4 } as const

const frame = (payload: Uint8Array): Buffer => {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(payload.length)
  return Buffer.concat([length, payload])
}

export const insertVpcdCard = (
  chip: SimulatedChip,
  options: { port?: number; host?: string; onExchange?: (count: number) => void } = {},
): Promise<VpcdCard> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port: options.port ?? defaultVpcdPort, host: options.host ?? '127.0.0.1' })
    socket.setNoDelay(true)
    let exchanges = 0
    let pending = Buffer.alloc(0)
    const removed = new Promise<void>((resolveRemoved) => socket.once('close', () => resolveRemoved()))

    const take = (payload: Buffer): void => {
      if (payload.length > 1) {
        exchanges += 1
        const answer = chip.transmit(Uint8Array.from(payload))
        if (answer.type === 'removed') socket.destroy()
        if (answer.type === 'answer') socket.write(frame(answer.bytes))
        options.onExchange?.(exchanges)
        return
      }
      const code = payload[0]
      if (code === control.off || code === control.on || code === control.reset) chip.reset()
      if (code === control.atr) socket.write(frame(chip.atr))
    }

    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk])
      while (pending.length >= 2) {
        const end = 2 + pending.readUInt16BE(0)
        if (pending.length < end) return
        const payload = pending.subarray(2, end)
        pending = pending.subarray(end)
        take(payload)
      }
    })
    socket.once('error', (error) => reject(error))
    socket.once('connect', () => {
      // From here on the reader's end of the line is an ordinary end: the card is off.
      socket.on('error', () => {})
      resolve({
        removed,
        async remove() {
          socket.destroy()
          await removed
        },
      })
    })
  })
