/** The specimen dossiers of this repository. Written by `npm run procedures -- index`; a test keeps it in step with the folders. */
import p1000656DangKyKhaiTuSpecimensDaughterForFather from './1.000656-dang-ky-khai-tu/specimens/daughter-for-father.json' with {
  type: 'json',
}
import p1000656DangKyKhaiTuSpecimensGrandsonLongAgo from './1.000656-dang-ky-khai-tu/specimens/grandson-long-ago.json' with {
  type: 'json',
}
import p1000656DangKyKhaiTuSpecimensHusbandForWife from './1.000656-dang-ky-khai-tu/specimens/husband-for-wife.json' with {
  type: 'json',
}
import p1000656DangKyKhaiTuSpecimensParentForChild from './1.000656-dang-ky-khai-tu/specimens/parent-for-child.json' with {
  type: 'json',
}
import p1000656DangKyKhaiTuWrongSpecimens from './1.000656-dang-ky-khai-tu/wrong-specimens.json' with { type: 'json' }
import p1000894DangKyKetHonSpecimensFirstMarriage from './1.000894-dang-ky-ket-hon/specimens/first-marriage.json' with {
  type: 'json',
}
import p1000894DangKyKetHonSpecimensWidowAndDivorced from './1.000894-dang-ky-ket-hon/specimens/widow-and-divorced.json' with {
  type: 'json',
}
import p1000894DangKyKetHonSpecimensYoungestAllowed from './1.000894-dang-ky-ket-hon/specimens/youngest-allowed.json' with {
  type: 'json',
}
import p1000894DangKyKetHonWrongSpecimens from './1.000894-dang-ky-ket-hon/wrong-specimens.json' with { type: 'json' }
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
  '1.000656-dang-ky-khai-tu/specimens/daughter-for-father.json': p1000656DangKyKhaiTuSpecimensDaughterForFather,
  '1.000656-dang-ky-khai-tu/specimens/grandson-long-ago.json': p1000656DangKyKhaiTuSpecimensGrandsonLongAgo,
  '1.000656-dang-ky-khai-tu/specimens/husband-for-wife.json': p1000656DangKyKhaiTuSpecimensHusbandForWife,
  '1.000656-dang-ky-khai-tu/specimens/parent-for-child.json': p1000656DangKyKhaiTuSpecimensParentForChild,
  '1.000894-dang-ky-ket-hon/specimens/first-marriage.json': p1000894DangKyKetHonSpecimensFirstMarriage,
  '1.000894-dang-ky-ket-hon/specimens/widow-and-divorced.json': p1000894DangKyKetHonSpecimensWidowAndDivorced,
  '1.000894-dang-ky-ket-hon/specimens/youngest-allowed.json': p1000894DangKyKetHonSpecimensYoungestAllowed,
  '1.001193-dang-ky-khai-sinh/specimens/grandparent-late.json': p1001193DangKyKhaiSinhSpecimensGrandparentLate,
  '1.001193-dang-ky-khai-sinh/specimens/married-couple.json': p1001193DangKyKhaiSinhSpecimensMarriedCouple,
  '1.001193-dang-ky-khai-sinh/specimens/single-mother.json': p1001193DangKyKhaiSinhSpecimensSingleMother,
}

export const wrongSpecimenFiles: Readonly<Record<string, unknown>> = {
  '1.000656-dang-ky-khai-tu/wrong-specimens.json': p1000656DangKyKhaiTuWrongSpecimens,
  '1.000894-dang-ky-ket-hon/wrong-specimens.json': p1000894DangKyKetHonWrongSpecimens,
  '1.001193-dang-ky-khai-sinh/wrong-specimens.json': p1001193DangKyKhaiSinhWrongSpecimens,
}
