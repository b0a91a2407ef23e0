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
import p1001022DangKyNhanChaMeConSpecimensFatherHimself from './1.001022-dang-ky-nhan-cha-me-con/specimens/father-himself.json' with {
  type: 'json',
}
import p1001022DangKyNhanChaMeConSpecimensGrownChildForFather from './1.001022-dang-ky-nhan-cha-me-con/specimens/grown-child-for-father.json' with {
  type: 'json',
}
import p1001022DangKyNhanChaMeConSpecimensMotherForChild from './1.001022-dang-ky-nhan-cha-me-con/specimens/mother-for-child.json' with {
  type: 'json',
}
import p1001022DangKyNhanChaMeConWrongSpecimens from './1.001022-dang-ky-nhan-cha-me-con/wrong-specimens.json' with {
  type: 'json',
}
import p1001193DangKyKhaiSinhSpecimensGrandparentLate from './1.001193-dang-ky-khai-sinh/specimens/grandparent-late.json' with {
  type: 'json',
}
import p1001193DangKyKhaiSinhSpecimensMarriedCouple from './1.001193-dang-ky-khai-sinh/specimens/married-couple.json' with {
  type: 'json',
}
import p1001193DangKyKhaiSinhSpecimensSingleMother from './1.001193-dang-ky-khai-sinh/specimens/single-mother.json' with {
  type: 'json',
}
import p1001193DangKyKhaiSinhSpecimensTwinOfCouple from './1.001193-dang-ky-khai-sinh/specimens/twin-of-couple.json' with {
  type: 'json',
}
import p1001193DangKyKhaiSinhWrongSpecimens from './1.001193-dang-ky-khai-sinh/wrong-specimens.json' with { type: 'json' }
import p1001731HoTroMaiTangSpecimensDaughterForFather from './1.001731-ho-tro-mai-tang/specimens/daughter-for-father.json' with {
  type: 'json',
}
import p1001731HoTroMaiTangSpecimensMotherForChild from './1.001731-ho-tro-mai-tang/specimens/mother-for-child.json' with {
  type: 'json',
}
import p1001731HoTroMaiTangSpecimensOrganisationForOldMan from './1.001731-ho-tro-mai-tang/specimens/organisation-for-old-man.json' with {
  type: 'json',
}
import p1001731HoTroMaiTangWrongSpecimens from './1.001731-ho-tro-mai-tang/wrong-specimens.json' with { type: 'json' }
import p1002179BaoHiemXaHoiTuNguyenSpecimensForChild from './1.002179-bao-hiem-xa-hoi-tu-nguyen/specimens/for-child.json' with {
  type: 'json',
}
import p1002179BaoHiemXaHoiTuNguyenSpecimensForOneself from './1.002179-bao-hiem-xa-hoi-tu-nguyen/specimens/for-oneself.json' with {
  type: 'json',
}
import p1002179BaoHiemXaHoiTuNguyenSpecimensForParent from './1.002179-bao-hiem-xa-hoi-tu-nguyen/specimens/for-parent.json' with {
  type: 'json',
}
import p1003677KhaiBaoTamVangSpecimensForChild from './1.003677-khai-bao-tam-vang/specimens/for-child.json' with { type: 'json' }
import p1003677KhaiBaoTamVangSpecimensForOneself from './1.003677-khai-bao-tam-vang/specimens/for-oneself.json' with {
  type: 'json',
}
import p1003677KhaiBaoTamVangSpecimensForParent from './1.003677-khai-bao-tam-vang/specimens/for-parent.json' with {
  type: 'json',
}
import p1004194DangKyTamTruSpecimensForOneself from './1.004194-dang-ky-tam-tru/specimens/for-oneself.json' with { type: 'json' }
import p1004194DangKyTamTruSpecimensWithChild from './1.004194-dang-ky-tam-tru/specimens/with-child.json' with { type: 'json' }
import p1004194DangKyTamTruSpecimensWithParent from './1.004194-dang-ky-tam-tru/specimens/with-parent.json' with { type: 'json' }
import p1004222DangKyThuongTruSpecimensForOneself from './1.004222-dang-ky-thuong-tru/specimens/for-oneself.json' with {
  type: 'json',
}
import p1004222DangKyThuongTruSpecimensWithChild from './1.004222-dang-ky-thuong-tru/specimens/with-child.json' with {
  type: 'json',
}
import p1004222DangKyThuongTruSpecimensWithParent from './1.004222-dang-ky-thuong-tru/specimens/with-parent.json' with {
  type: 'json',
}
import p1004837DangKyGiamHoSpecimensAppointedUncle from './1.004837-dang-ky-giam-ho/specimens/appointed-uncle.json' with {
  type: 'json',
}
import p1004837DangKyGiamHoSpecimensDaughterForFather from './1.004837-dang-ky-giam-ho/specimens/daughter-for-father.json' with {
  type: 'json',
}
import p1004837DangKyGiamHoSpecimensGrandmotherNatural from './1.004837-dang-ky-giam-ho/specimens/grandmother-natural.json' with {
  type: 'json',
}
import p1004837DangKyGiamHoWrongSpecimens from './1.004837-dang-ky-giam-ho/wrong-specimens.json' with { type: 'json' }
import p1004873XacNhanTinhTrangHonNhanSpecimensForChild from './1.004873-xac-nhan-tinh-trang-hon-nhan/specimens/for-child.json' with {
  type: 'json',
}
import p1004873XacNhanTinhTrangHonNhanSpecimensForFather from './1.004873-xac-nhan-tinh-trang-hon-nhan/specimens/for-father.json' with {
  type: 'json',
}
import p1004873XacNhanTinhTrangHonNhanSpecimensForOneselfToMarry from './1.004873-xac-nhan-tinh-trang-hon-nhan/specimens/for-oneself-to-marry.json' with {
  type: 'json',
}
import p1004873XacNhanTinhTrangHonNhanSpecimensWidow from './1.004873-xac-nhan-tinh-trang-hon-nhan/specimens/widow.json' with {
  type: 'json',
}
import p1004873XacNhanTinhTrangHonNhanWrongSpecimens from './1.004873-xac-nhan-tinh-trang-hon-nhan/wrong-specimens.json' with {
  type: 'json',
}
import p2000635BanSaoTrichLucHoTichSpecimensForChild from './2.000635-ban-sao-trich-luc-ho-tich/specimens/for-child.json' with {
  type: 'json',
}
import p2000635BanSaoTrichLucHoTichSpecimensForFatherAuthorised from './2.000635-ban-sao-trich-luc-ho-tich/specimens/for-father-authorised.json' with {
  type: 'json',
}
import p2000635BanSaoTrichLucHoTichSpecimensOrganisation from './2.000635-ban-sao-trich-luc-ho-tich/specimens/organisation.json' with {
  type: 'json',
}
import p2000635BanSaoTrichLucHoTichSpecimensOwnBirthCertificate from './2.000635-ban-sao-trich-luc-ho-tich/specimens/own-birth-certificate.json' with {
  type: 'json',
}
import p2000635BanSaoTrichLucHoTichWrongSpecimens from './2.000635-ban-sao-trich-luc-ho-tich/wrong-specimens.json' with {
  type: 'json',
}
import p2001159ThongBaoLuuTruSpecimensForChild from './2.001159-thong-bao-luu-tru/specimens/for-child.json' with { type: 'json' }
import p2001159ThongBaoLuuTruSpecimensForOneself from './2.001159-thong-bao-luu-tru/specimens/for-oneself.json' with {
  type: 'json',
}
import p2001159ThongBaoLuuTruSpecimensForParent from './2.001159-thong-bao-luu-tru/specimens/for-parent.json' with {
  type: 'json',
}
import p3000333PhieuLyLichTuPhapSpecimensDaughterForFather from './3.000333-phieu-ly-lich-tu-phap/specimens/daughter-for-father.json' with {
  type: 'json',
}
import p3000333PhieuLyLichTuPhapSpecimensMotherForMinor from './3.000333-phieu-ly-lich-tu-phap/specimens/mother-for-minor.json' with {
  type: 'json',
}
import p3000333PhieuLyLichTuPhapSpecimensOwnForWork from './3.000333-phieu-ly-lich-tu-phap/specimens/own-for-work.json' with {
  type: 'json',
}
import p3000333PhieuLyLichTuPhapWrongSpecimens from './3.000333-phieu-ly-lich-tu-phap/wrong-specimens.json' with { type: 'json' }
import p3000722LienThongKhaiSinhThuongTruBhytSpecimensGrandmother from './3.000722-lien-thong-khai-sinh-thuong-tru-bhyt/specimens/grandmother.json' with {
  type: 'json',
}
import p3000722LienThongKhaiSinhThuongTruBhytSpecimensMotherCouple from './3.000722-lien-thong-khai-sinh-thuong-tru-bhyt/specimens/mother-couple.json' with {
  type: 'json',
}
import p3000722LienThongKhaiSinhThuongTruBhytSpecimensSingleMother from './3.000722-lien-thong-khai-sinh-thuong-tru-bhyt/specimens/single-mother.json' with {
  type: 'json',
}
import p3000722LienThongKhaiSinhThuongTruBhytWrongSpecimens from './3.000722-lien-thong-khai-sinh-thuong-tru-bhyt/wrong-specimens.json' with {
  type: 'json',
}

export const specimenFiles: Readonly<Record<string, unknown>> = {
  '1.000656-dang-ky-khai-tu/specimens/daughter-for-father.json': p1000656DangKyKhaiTuSpecimensDaughterForFather,
  '1.000656-dang-ky-khai-tu/specimens/grandson-long-ago.json': p1000656DangKyKhaiTuSpecimensGrandsonLongAgo,
  '1.000656-dang-ky-khai-tu/specimens/husband-for-wife.json': p1000656DangKyKhaiTuSpecimensHusbandForWife,
  '1.000656-dang-ky-khai-tu/specimens/parent-for-child.json': p1000656DangKyKhaiTuSpecimensParentForChild,
  '1.000894-dang-ky-ket-hon/specimens/first-marriage.json': p1000894DangKyKetHonSpecimensFirstMarriage,
  '1.000894-dang-ky-ket-hon/specimens/widow-and-divorced.json': p1000894DangKyKetHonSpecimensWidowAndDivorced,
  '1.000894-dang-ky-ket-hon/specimens/youngest-allowed.json': p1000894DangKyKetHonSpecimensYoungestAllowed,
  '1.001022-dang-ky-nhan-cha-me-con/specimens/father-himself.json': p1001022DangKyNhanChaMeConSpecimensFatherHimself,
  '1.001022-dang-ky-nhan-cha-me-con/specimens/grown-child-for-father.json':
    p1001022DangKyNhanChaMeConSpecimensGrownChildForFather,
  '1.001022-dang-ky-nhan-cha-me-con/specimens/mother-for-child.json': p1001022DangKyNhanChaMeConSpecimensMotherForChild,
  '1.001193-dang-ky-khai-sinh/specimens/grandparent-late.json': p1001193DangKyKhaiSinhSpecimensGrandparentLate,
  '1.001193-dang-ky-khai-sinh/specimens/married-couple.json': p1001193DangKyKhaiSinhSpecimensMarriedCouple,
  '1.001193-dang-ky-khai-sinh/specimens/single-mother.json': p1001193DangKyKhaiSinhSpecimensSingleMother,
  '1.001193-dang-ky-khai-sinh/specimens/twin-of-couple.json': p1001193DangKyKhaiSinhSpecimensTwinOfCouple,
  '1.001731-ho-tro-mai-tang/specimens/daughter-for-father.json': p1001731HoTroMaiTangSpecimensDaughterForFather,
  '1.001731-ho-tro-mai-tang/specimens/mother-for-child.json': p1001731HoTroMaiTangSpecimensMotherForChild,
  '1.001731-ho-tro-mai-tang/specimens/organisation-for-old-man.json': p1001731HoTroMaiTangSpecimensOrganisationForOldMan,
  '1.002179-bao-hiem-xa-hoi-tu-nguyen/specimens/for-child.json': p1002179BaoHiemXaHoiTuNguyenSpecimensForChild,
  '1.002179-bao-hiem-xa-hoi-tu-nguyen/specimens/for-oneself.json': p1002179BaoHiemXaHoiTuNguyenSpecimensForOneself,
  '1.002179-bao-hiem-xa-hoi-tu-nguyen/specimens/for-parent.json': p1002179BaoHiemXaHoiTuNguyenSpecimensForParent,
  '1.003677-khai-bao-tam-vang/specimens/for-child.json': p1003677KhaiBaoTamVangSpecimensForChild,
  '1.003677-khai-bao-tam-vang/specimens/for-oneself.json': p1003677KhaiBaoTamVangSpecimensForOneself,
  '1.003677-khai-bao-tam-vang/specimens/for-parent.json': p1003677KhaiBaoTamVangSpecimensForParent,
  '1.004194-dang-ky-tam-tru/specimens/for-oneself.json': p1004194DangKyTamTruSpecimensForOneself,
  '1.004194-dang-ky-tam-tru/specimens/with-child.json': p1004194DangKyTamTruSpecimensWithChild,
  '1.004194-dang-ky-tam-tru/specimens/with-parent.json': p1004194DangKyTamTruSpecimensWithParent,
  '1.004222-dang-ky-thuong-tru/specimens/for-oneself.json': p1004222DangKyThuongTruSpecimensForOneself,
  '1.004222-dang-ky-thuong-tru/specimens/with-child.json': p1004222DangKyThuongTruSpecimensWithChild,
  '1.004222-dang-ky-thuong-tru/specimens/with-parent.json': p1004222DangKyThuongTruSpecimensWithParent,
  '1.004837-dang-ky-giam-ho/specimens/appointed-uncle.json': p1004837DangKyGiamHoSpecimensAppointedUncle,
  '1.004837-dang-ky-giam-ho/specimens/daughter-for-father.json': p1004837DangKyGiamHoSpecimensDaughterForFather,
  '1.004837-dang-ky-giam-ho/specimens/grandmother-natural.json': p1004837DangKyGiamHoSpecimensGrandmotherNatural,
  '1.004873-xac-nhan-tinh-trang-hon-nhan/specimens/for-child.json': p1004873XacNhanTinhTrangHonNhanSpecimensForChild,
  '1.004873-xac-nhan-tinh-trang-hon-nhan/specimens/for-father.json': p1004873XacNhanTinhTrangHonNhanSpecimensForFather,
  '1.004873-xac-nhan-tinh-trang-hon-nhan/specimens/for-oneself-to-marry.json':
    p1004873XacNhanTinhTrangHonNhanSpecimensForOneselfToMarry,
  '1.004873-xac-nhan-tinh-trang-hon-nhan/specimens/widow.json': p1004873XacNhanTinhTrangHonNhanSpecimensWidow,
  '2.000635-ban-sao-trich-luc-ho-tich/specimens/for-child.json': p2000635BanSaoTrichLucHoTichSpecimensForChild,
  '2.000635-ban-sao-trich-luc-ho-tich/specimens/for-father-authorised.json':
    p2000635BanSaoTrichLucHoTichSpecimensForFatherAuthorised,
  '2.000635-ban-sao-trich-luc-ho-tich/specimens/organisation.json': p2000635BanSaoTrichLucHoTichSpecimensOrganisation,
  '2.000635-ban-sao-trich-luc-ho-tich/specimens/own-birth-certificate.json':
    p2000635BanSaoTrichLucHoTichSpecimensOwnBirthCertificate,
  '2.001159-thong-bao-luu-tru/specimens/for-child.json': p2001159ThongBaoLuuTruSpecimensForChild,
  '2.001159-thong-bao-luu-tru/specimens/for-oneself.json': p2001159ThongBaoLuuTruSpecimensForOneself,
  '2.001159-thong-bao-luu-tru/specimens/for-parent.json': p2001159ThongBaoLuuTruSpecimensForParent,
  '3.000333-phieu-ly-lich-tu-phap/specimens/daughter-for-father.json': p3000333PhieuLyLichTuPhapSpecimensDaughterForFather,
  '3.000333-phieu-ly-lich-tu-phap/specimens/mother-for-minor.json': p3000333PhieuLyLichTuPhapSpecimensMotherForMinor,
  '3.000333-phieu-ly-lich-tu-phap/specimens/own-for-work.json': p3000333PhieuLyLichTuPhapSpecimensOwnForWork,
  '3.000722-lien-thong-khai-sinh-thuong-tru-bhyt/specimens/grandmother.json':
    p3000722LienThongKhaiSinhThuongTruBhytSpecimensGrandmother,
  '3.000722-lien-thong-khai-sinh-thuong-tru-bhyt/specimens/mother-couple.json':
    p3000722LienThongKhaiSinhThuongTruBhytSpecimensMotherCouple,
  '3.000722-lien-thong-khai-sinh-thuong-tru-bhyt/specimens/single-mother.json':
    p3000722LienThongKhaiSinhThuongTruBhytSpecimensSingleMother,
}

export const wrongSpecimenFiles: Readonly<Record<string, unknown>> = {
  '1.000656-dang-ky-khai-tu/wrong-specimens.json': p1000656DangKyKhaiTuWrongSpecimens,
  '1.000894-dang-ky-ket-hon/wrong-specimens.json': p1000894DangKyKetHonWrongSpecimens,
  '1.001022-dang-ky-nhan-cha-me-con/wrong-specimens.json': p1001022DangKyNhanChaMeConWrongSpecimens,
  '1.001193-dang-ky-khai-sinh/wrong-specimens.json': p1001193DangKyKhaiSinhWrongSpecimens,
  '1.001731-ho-tro-mai-tang/wrong-specimens.json': p1001731HoTroMaiTangWrongSpecimens,
  '1.004837-dang-ky-giam-ho/wrong-specimens.json': p1004837DangKyGiamHoWrongSpecimens,
  '1.004873-xac-nhan-tinh-trang-hon-nhan/wrong-specimens.json': p1004873XacNhanTinhTrangHonNhanWrongSpecimens,
  '2.000635-ban-sao-trich-luc-ho-tich/wrong-specimens.json': p2000635BanSaoTrichLucHoTichWrongSpecimens,
  '3.000333-phieu-ly-lich-tu-phap/wrong-specimens.json': p3000333PhieuLyLichTuPhapWrongSpecimens,
  '3.000722-lien-thong-khai-sinh-thuong-tru-bhyt/wrong-specimens.json': p3000722LienThongKhaiSinhThuongTruBhytWrongSpecimens,
}
