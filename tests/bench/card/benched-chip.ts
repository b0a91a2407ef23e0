/**
 * The chips that are measured: a specimen's own files, signed by its document signer, with its drawn photo of 18 KB or with a longer one,
 * so that 25 KB go through secure messaging.
 */
import { concatBytes } from '../../../hardware/protocols/bytes/bytes.ts'
import { chipFiles } from '../../../hardware/simulators/chip/chip-files.ts'
import { createSimulatedChip, type SimulatedChip } from '../../../hardware/simulators/chip/simulated-chip.ts'
import { issueSecurityObject } from '../../../hardware/simulators/specimen-pki/issue.ts'
import { specimenSigner } from '../../../hardware/simulators/specimen-pki/specimen-authorities.ts'
import { dg2Of, faceImageOf } from '../../../hardware/simulators/specimen-pki/specimen-groups.ts'
import { nguyenThiMau } from '../../../hardware/simulators/specimens.ts'

export const createBenchedChip = (): SimulatedChip => createSimulatedChip(nguyenThiMau)

const wholeLength = 25 * 1024
const dg2 = 0x0102
const sod = 0x011d

export const createLongPhotoChip = (): SimulatedChip => {
  const files = chipFiles(nguyenThiMau)
  const groups = new Map<number, Uint8Array>()
  let others = 0
  for (const [id, bytes] of files) {
    if (bytes === 'locked') continue
    if (id > 0x0100 && id <= 0x0110) groups.set(id - 0x0100, bytes)
    if (id !== dg2 && id !== 0x011e) others += bytes.length
  }
  const face = faceImageOf(nguyenThiMau)
  const padding = Math.max(0, wholeLength - others - dg2Of(nguyenThiMau, face).length)
  const longer = dg2Of(nguyenThiMau, { ...face, image: concatBytes(face.image, new Uint8Array(padding)) })
  groups.set(2, longer)
  const securityObject = issueSecurityObject(specimenSigner('valid'), groups, 'sha256')
  return createSimulatedChip(nguyenThiMau, {
    files: new Map([
      [dg2, longer],
      [sod, securityObject],
    ]),
  })
}
