/** The specimen dossiers of this repository. Written by `npm run procedures -- index`; a test keeps it in step with the folders. */
import p1001193DangKyKhaiSinhSpecimensGrandparentLate from './1.001193-dang-ky-khai-sinh/specimens/grandparent-late.json' with {
  type: 'json',
}
import p1001193DangKyKhaiSinhSpecimensMarriedCouple from './1.001193-dang-ky-khai-sinh/specimens/married-couple.json' with {
  type: 'json',
}
import p1001193DangKyKhaiSinhSpecimensSingleMother from './1.001193-dang-ky-khai-sinh/specimens/single-mother.json' with {
  type: 'json',
}
import p1001193DangKyKhaiSinhWrongSpecimens from './1.001193-dang-ky-khai-sinh/wrong-specimens.json' with { type: 'json' }

export const specimenFiles: Readonly<Record<string, unknown>> = {
  '1.001193-dang-ky-khai-sinh/specimens/grandparent-late.json': p1001193DangKyKhaiSinhSpecimensGrandparentLate,
  '1.001193-dang-ky-khai-sinh/specimens/married-couple.json': p1001193DangKyKhaiSinhSpecimensMarriedCouple,
  '1.001193-dang-ky-khai-sinh/specimens/single-mother.json': p1001193DangKyKhaiSinhSpecimensSingleMother,
}

export const wrongSpecimenFiles: Readonly<Record<string, unknown>> = {
  '1.001193-dang-ky-khai-sinh/wrong-specimens.json': p1001193DangKyKhaiSinhWrongSpecimens,
}
