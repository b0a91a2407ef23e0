/**
 * Specimen citizens: fictional by their names, their address and a place code (000) which no province has. Everything else follows
 * the rules of the real number, the real MRZ and the cards' expiry at 25, 40 and 60 (Law 26/2023/QH15 article 21).
 */
import { checkDigit } from '../protocols/mrz/mrz.ts'

export type Specimen = {
  personalNumber: string
  fullName: string
  /** As the MRZ writes the name. */
  mrzName: string
  sex: 'Nam' | 'Nữ'
  /** ISO dates. */
  birthDate: string
  issueDate: string
  expiryDate: string
  ethnicity: string
  religion: string
  placeOfOrigin: string
  residence: string
  identifyingMarks: string
  fatherName: string
  motherName: string
  spouseName?: string
  oldIdentityNumber?: string
}

const home = 'Bản Mẫu, Xã Thử Nghiệm, Tỉnh Ví Dụ'

export const nguyenThiMau: Specimen = {
  personalNumber: '000190000017',
  fullName: 'NGUYỄN THỊ MẪU',
  mrzName: 'NGUYEN<<THI<MAU',
  sex: 'Nữ',
  birthDate: '1990-05-14',
  issueDate: '2021-07-20',
  expiryDate: '2030-05-14',
  ethnicity: 'Kinh',
  religion: 'Không',
  placeOfOrigin: 'Xã Thử Nghiệm, Tỉnh Ví Dụ',
  residence: home,
  identifyingMarks: 'Nốt ruồi cách 1cm dưới đuôi mắt trái',
  fatherName: 'NGUYỄN VĂN GIẢ',
  motherName: 'PHẠM THỊ ĐỊNH',
  spouseName: 'TRẦN VĂN THỬ',
  oldIdentityNumber: '000000017',
}

export const tranVanThu: Specimen = {
  personalNumber: '000088000024',
  fullName: 'TRẦN VĂN THỬ',
  mrzName: 'TRAN<<VAN<THU',
  sex: 'Nam',
  birthDate: '1988-11-30',
  issueDate: '2022-03-09',
  expiryDate: '2028-11-30',
  ethnicity: 'Thái',
  religion: 'Không',
  placeOfOrigin: 'Xã Ví Dụ, Tỉnh Ví Dụ',
  residence: home,
  identifyingMarks: 'Sẹo chấm cách 2cm trên đầu lông mày phải',
  fatherName: 'TRẦN VĂN NHÁP',
  motherName: 'LÊ THỊ PHỎNG',
  spouseName: 'NGUYỄN THỊ MẪU',
  oldIdentityNumber: '000000024',
}

const loThiViDu: Specimen = {
  personalNumber: '000199000031',
  fullName: 'LÒ THỊ VÍ DỤ',
  mrzName: 'LO<<THI<VI<DU',
  sex: 'Nữ',
  birthDate: '1999-02-03',
  // Within two years before 25, so it ends at 40.
  issueDate: '2023-06-12',
  expiryDate: '2039-02-03',
  ethnicity: 'Lự',
  religion: 'Không',
  placeOfOrigin: 'Bản Mẫu, Xã Thử Nghiệm, Tỉnh Ví Dụ',
  residence: home,
  identifyingMarks: 'Nốt ruồi cách 3cm trước bình tai trái',
  fatherName: 'LÒ VĂN MÔ',
  motherName: 'TAO THỊ TẢ',
}

export const specimens: readonly Specimen[] = [nguyenThiMau, tranVanThu, loThiViDu]

const mrzDate = (isoDate: string): string => isoDate.slice(2).replaceAll('-', '')

/** What stands on the card and is typed to open it. */
export const mrzAccessOf = (specimen: Specimen) => ({
  type: 'mrz' as const,
  documentNumber: specimen.personalNumber.slice(-9),
  birthDate: mrzDate(specimen.birthDate),
  expiryDate: mrzDate(specimen.expiryDate),
})

/** The card access number of a Vietnamese card is the end of the personal number. */
export const canOf = (specimen: Specimen): string => specimen.personalNumber.slice(-6)

export const optionalDataOf = (specimen: Specimen): string => `${specimen.personalNumber}<<${checkDigit(specimen.personalNumber)}`
