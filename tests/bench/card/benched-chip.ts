/** The chip that is measured: a specimen's text and keys, with a DG15, a SOD and a photo of the lengths that real cards have. */
import { encodeTlv } from '../../../hardware/protocols/tlv/tlv.ts'
import { createSimulatedChip, type SimulatedChip } from '../../../hardware/simulators/chip/simulated-chip.ts'
import { nguyenThiMau } from '../../../hardware/simulators/specimens.ts'

const file = (tag: number, length: number): Uint8Array =>
  encodeTlv(
    tag,
    Uint8Array.from({ length }, (_, at) => (at * 151 + (at >> 7)) & 0xff),
  )

export const createBenchedChip = (): SimulatedChip =>
  createSimulatedChip(nguyenThiMau, {
    files: new Map([
      [0x010f, file(0x6f, 164)],
      [0x011d, file(0x77, 2_100)],
      [0x0102, file(0x75, 18_432)],
    ]),
  })
