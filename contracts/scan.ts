/** What the kiosk says about code scanners: which one it listens to, how it is, what it read, why not. */
import { z } from 'zod'
import { Instant } from './encoding.ts'

/** How a scanner on a serial port (or one that plays one over USB, CDC) is spoken to. */
export const SerialSettings = z.object({
  baudRate: z.union([
    z.literal(1200),
    z.literal(2400),
    z.literal(4800),
    z.literal(9600),
    z.literal(19_200),
    z.literal(38_400),
    z.literal(57_600),
    z.literal(115_200),
  ]),
  dataBits: z.union([z.literal(7), z.literal(8)]),
  stopBits: z.union([z.literal(1), z.literal(2)]),
  parity: z.enum(['none', 'even', 'odd']),
  /** What the scanner sends after a code. A pause of `idleMs` ends a code in any case. */
  terminator: z.enum(['line-end', 'tab', 'etx', 'none']),
  idleMs: z.number().int().min(20).max(2_000),
})
export type SerialSettings = z.infer<typeof SerialSettings>

const UsbId = z.number().int().min(0).max(0xffff)

/** Which scanner the station listens to. `keyboard` types its codes into the page, so the station has nothing to open. */
export const ScannerConfiguration = z.discriminatedUnion('type', [
  z.object({ type: z.literal('none') }),
  z.object({ type: z.literal('serial'), path: z.string().min(1).max(200), settings: SerialSettings }),
  /** Without ids the first HID POS scanner that is plugged in. */
  z.object({ type: z.literal('hid-pos'), vendorId: UsbId.optional(), productId: UsbId.optional() }),
  z.object({ type: z.literal('keyboard') }),
  z.object({ type: z.literal('simulated') }),
])
export type ScannerConfiguration = z.infer<typeof ScannerConfiguration>

export const ScanFailureType = z.enum([
  'no-scanner',
  'scanner-busy',
  'scanner-not-permitted',
  'scanner-failed',
  'scanner-settings-refused',
  'code-unreadable',
  'code-not-of-a-card',
  'code-incomplete',
  'code-mangled',
])
export type ScanFailureType = z.infer<typeof ScanFailureType>

export const ScanFailure = z.object({
  type: ScanFailureType,
  /** For the technician. Never what was scanned. */
  detail: z.string(),
  /** Whether the same act may succeed when tried again. */
  retry: z.boolean(),
})
export type ScanFailure = z.infer<typeof ScanFailure>

export const ScannerStatus = z.object({
  configuration: ScannerConfiguration,
  /** As its maker or its port calls it; empty when there is none. */
  name: z.string(),
  /** `waiting`: configured, not there (or not to be had) now, and looked for until it is. */
  state: z.enum(['off', 'ready', 'waiting']),
  /** Why it waits. */
  failure: ScanFailure.optional(),
  /** Of a simulated scanner: whose codes it can be shown, in the order of `presentSpecimenCode`. */
  specimens: z.array(z.string()).optional(),
})
export type ScannerStatus = z.infer<typeof ScannerStatus>

/** What could be configured: ports and HID POS scanners that are plugged in now. */
export const ScannerDevice = z.object({
  name: z.string(),
  configuration: ScannerConfiguration,
})
export type ScannerDevice = z.infer<typeof ScannerDevice>

/** One code as it was scanned, decoded to text. What it means is for the page to say. */
export const ScannedCode = z.object({ text: z.string().min(1).max(2_000), scannerName: z.string(), at: Instant })
export type ScannedCode = z.infer<typeof ScannedCode>

const scanned = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: ScannedCode }),
  z.object({ ok: z.literal(false), error: ScanFailure }),
])
/** A code, or a scan of which no text could be made. */
export const Scan = scanned
export type Scan = z.infer<typeof Scan>
