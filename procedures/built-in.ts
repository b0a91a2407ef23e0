/** The documents of this repository. Written by `npm run procedures -- index`; a test keeps it in step with the folders. */
import p1000656DangKyKhaiTuProcedure from './1.000656-dang-ky-khai-tu/procedure.json' with { type: 'json' }
import p1000894DangKyKetHonProcedure from './1.000894-dang-ky-ket-hon/procedure.json' with { type: 'json' }
import p1001022DangKyNhanChaMeConProcedure from './1.001022-dang-ky-nhan-cha-me-con/procedure.json' with { type: 'json' }
import p1001193DangKyKhaiSinhProcedure from './1.001193-dang-ky-khai-sinh/procedure.json' with { type: 'json' }
import p1001731HoTroMaiTangProcedure from './1.001731-ho-tro-mai-tang/procedure.json' with { type: 'json' }
import p1002179BaoHiemXaHoiTuNguyenProcedure from './1.002179-bao-hiem-xa-hoi-tu-nguyen/procedure.json' with { type: 'json' }
import p1003677KhaiBaoTamVangProcedure from './1.003677-khai-bao-tam-vang/procedure.json' with { type: 'json' }
import p1004194DangKyTamTruProcedure20250701 from './1.004194-dang-ky-tam-tru/procedure.2025-07-01.json' with { type: 'json' }
import p1004194DangKyTamTruProcedure from './1.004194-dang-ky-tam-tru/procedure.json' with { type: 'json' }
import p1004222DangKyThuongTruProcedure20250701 from './1.004222-dang-ky-thuong-tru/procedure.2025-07-01.json' with {
  type: 'json',
}
import p1004222DangKyThuongTruProcedure from './1.004222-dang-ky-thuong-tru/procedure.json' with { type: 'json' }
import p1004837DangKyGiamHoProcedure from './1.004837-dang-ky-giam-ho/procedure.json' with { type: 'json' }
import p1004873XacNhanTinhTrangHonNhanProcedure from './1.004873-xac-nhan-tinh-trang-hon-nhan/procedure.json' with {
  type: 'json',
}
import p2000635BanSaoTrichLucHoTichProcedure from './2.000635-ban-sao-trich-luc-ho-tich/procedure.json' with { type: 'json' }
import p2001159ThongBaoLuuTruProcedure from './2.001159-thong-bao-luu-tru/procedure.json' with { type: 'json' }
import p3000333PhieuLyLichTuPhapProcedure from './3.000333-phieu-ly-lich-tu-phap/procedure.json' with { type: 'json' }
import p3000722LienThongKhaiSinhThuongTruBhytProcedure from './3.000722-lien-thong-khai-sinh-thuong-tru-bhyt/procedure.json' with {
  type: 'json',
}
import blocksContact from './blocks/contact.json' with { type: 'json' }
import blocksCopies from './blocks/copies.json' with { type: 'json' }
import blocksCt01Person from './blocks/ct01-person.json' with { type: 'json' }
import blocksIdentityPaper from './blocks/identity-paper.json' with { type: 'json' }
import blocksMarriageEnd from './blocks/marriage-end.json' with { type: 'json' }
import blocksNameBirth from './blocks/name-birth.json' with { type: 'json' }
import blocksOrigin from './blocks/origin.json' with { type: 'json' }
import blocksPerson from './blocks/person.json' with { type: 'json' }
import blocksResidence from './blocks/residence.json' with { type: 'json' }
import blocksResidences from './blocks/residences.json' with { type: 'json' }
import blocksSignature from './blocks/signature.json' with { type: 'json' }
import blocksTraits from './blocks/traits.json' with { type: 'json' }
import guidance1000689 from './guidance/1.000689.json' with { type: 'json' }
import guidance1001456 from './guidance/1.001456.json' with { type: 'json' }
import guidance1001471 from './guidance/1.001471.json' with { type: 'json' }
import guidance1001612 from './guidance/1.001612.json' with { type: 'json' }
import guidance1001699 from './guidance/1.001699.json' with { type: 'json' }
import guidance1001766 from './guidance/1.001766.json' with { type: 'json' }
import guidance1001776 from './guidance/1.001776.json' with { type: 'json' }
import guidance1001939 from './guidance/1.001939.json' with { type: 'json' }
import guidance1002755 from './guidance/1.002755.json' with { type: 'json' }
import guidance1002759 from './guidance/1.002759.json' with { type: 'json' }
import guidance1003197 from './guidance/1.003197.json' with { type: 'json' }
import guidance1004859 from './guidance/1.004859.json' with { type: 'json' }
import guidance1004884 from './guidance/1.004884.json' with { type: 'json' }
import guidance1010028 from './guidance/1.010028.json' with { type: 'json' }
import guidance1010038 from './guidance/1.010038.json' with { type: 'json' }
import guidance1010039 from './guidance/1.010039.json' with { type: 'json' }
import guidance1010040 from './guidance/1.010040.json' with { type: 'json' }
import guidance1010041 from './guidance/1.010041.json' with { type: 'json' }
import guidance1011607 from './guidance/1.011607.json' with { type: 'json' }
import guidance1013314 from './guidance/1.013314.json' with { type: 'json' }
import guidance1014027 from './guidance/1.014027.json' with { type: 'json' }
import guidance1014028 from './guidance/1.014028.json' with { type: 'json' }
import guidance1014062 from './guidance/1.014062.json' with { type: 'json' }
import guidance1014137 from './guidance/1.014137.json' with { type: 'json' }
import guidance1014177 from './guidance/1.014177.json' with { type: 'json' }
import guidance2000200 from './guidance/2.000200.json' with { type: 'json' }
import guidance2000528 from './guidance/2.000528.json' with { type: 'json' }
import guidance2000806 from './guidance/2.000806.json' with { type: 'json' }
import guidance2000815 from './guidance/2.000815.json' with { type: 'json' }
import guidance2000884 from './guidance/2.000884.json' with { type: 'json' }
import guidance2000908 from './guidance/2.000908.json' with { type: 'json' }
import guidance2000986 from './guidance/2.000986.json' with { type: 'json' }
import guidance2001194 from './guidance/2.001194.json' with { type: 'json' }
import guidance2001195 from './guidance/2.001195.json' with { type: 'json' }
import guidance2002913 from './guidance/2.002913.json' with { type: 'json' }
import guidance3000001 from './guidance/3.000001.json' with { type: 'json' }
import guidance3000002 from './guidance/3.000002.json' with { type: 'json' }
import guidance3000228 from './guidance/3.000228.json' with { type: 'json' }
import guidance3000346 from './guidance/3.000346.json' with { type: 'json' }
import guidance3000347 from './guidance/3.000347.json' with { type: 'json' }
import guidance3000348 from './guidance/3.000348.json' with { type: 'json' }
import guidanceBienDongDatDai from './guidance/bien-dong-dat-dai.json' with { type: 'json' }
import guidanceDangKyThue from './guidance/dang-ky-thue.json' with { type: 'json' }
import guidanceDangKyXe from './guidance/dang-ky-xe.json' with { type: 'json' }
import guidanceDauThuNhoNoiXi from './guidance/dau-thu-nho-noi-xi.json' with { type: 'json' }
import guidanceDoiChuTheMuaBanDien from './guidance/doi-chu-the-mua-ban-dien.json' with { type: 'json' }
import guidanceGiamTruBhytHoGiaDinh from './guidance/giam-tru-bhyt-ho-gia-dinh.json' with { type: 'json' }
import guidanceMauConDauMoi from './guidance/mau-con-dau-moi.json' with { type: 'json' }
import guidancePhatNguoi from './guidance/phat-nguoi.json' with { type: 'json' }
import guidanceThiTotNghiepThpt from './guidance/thi-tot-nghiep-thpt.json' with { type: 'json' }
import guidanceTroCapThatNghiep from './guidance/tro-cap-that-nghiep.json' with { type: 'json' }
import guidanceXacNhanSoCmnd from './guidance/xac-nhan-so-cmnd.json' with { type: 'json' }
import type { CatalogueSource } from './documents/catalogue-source.ts'

export const builtIn: CatalogueSource = {
  procedures: {
    '1.000656-dang-ky-khai-tu/procedure.json': p1000656DangKyKhaiTuProcedure,
    '1.000894-dang-ky-ket-hon/procedure.json': p1000894DangKyKetHonProcedure,
    '1.001022-dang-ky-nhan-cha-me-con/procedure.json': p1001022DangKyNhanChaMeConProcedure,
    '1.001193-dang-ky-khai-sinh/procedure.json': p1001193DangKyKhaiSinhProcedure,
    '1.001731-ho-tro-mai-tang/procedure.json': p1001731HoTroMaiTangProcedure,
    '1.002179-bao-hiem-xa-hoi-tu-nguyen/procedure.json': p1002179BaoHiemXaHoiTuNguyenProcedure,
    '1.003677-khai-bao-tam-vang/procedure.json': p1003677KhaiBaoTamVangProcedure,
    '1.004194-dang-ky-tam-tru/procedure.2025-07-01.json': p1004194DangKyTamTruProcedure20250701,
    '1.004194-dang-ky-tam-tru/procedure.json': p1004194DangKyTamTruProcedure,
    '1.004222-dang-ky-thuong-tru/procedure.2025-07-01.json': p1004222DangKyThuongTruProcedure20250701,
    '1.004222-dang-ky-thuong-tru/procedure.json': p1004222DangKyThuongTruProcedure,
    '1.004837-dang-ky-giam-ho/procedure.json': p1004837DangKyGiamHoProcedure,
    '1.004873-xac-nhan-tinh-trang-hon-nhan/procedure.json': p1004873XacNhanTinhTrangHonNhanProcedure,
    '2.000635-ban-sao-trich-luc-ho-tich/procedure.json': p2000635BanSaoTrichLucHoTichProcedure,
    '2.001159-thong-bao-luu-tru/procedure.json': p2001159ThongBaoLuuTruProcedure,
    '3.000333-phieu-ly-lich-tu-phap/procedure.json': p3000333PhieuLyLichTuPhapProcedure,
    '3.000722-lien-thong-khai-sinh-thuong-tru-bhyt/procedure.json': p3000722LienThongKhaiSinhThuongTruBhytProcedure,
  },
  guidance: {
    'guidance/1.000689.json': guidance1000689,
    'guidance/1.001456.json': guidance1001456,
    'guidance/1.001471.json': guidance1001471,
    'guidance/1.001612.json': guidance1001612,
    'guidance/1.001699.json': guidance1001699,
    'guidance/1.001766.json': guidance1001766,
    'guidance/1.001776.json': guidance1001776,
    'guidance/1.001939.json': guidance1001939,
    'guidance/1.002755.json': guidance1002755,
    'guidance/1.002759.json': guidance1002759,
    'guidance/1.003197.json': guidance1003197,
    'guidance/1.004859.json': guidance1004859,
    'guidance/1.004884.json': guidance1004884,
    'guidance/1.010028.json': guidance1010028,
    'guidance/1.010038.json': guidance1010038,
    'guidance/1.010039.json': guidance1010039,
    'guidance/1.010040.json': guidance1010040,
    'guidance/1.010041.json': guidance1010041,
    'guidance/1.011607.json': guidance1011607,
    'guidance/1.013314.json': guidance1013314,
    'guidance/1.014027.json': guidance1014027,
    'guidance/1.014028.json': guidance1014028,
    'guidance/1.014062.json': guidance1014062,
    'guidance/1.014137.json': guidance1014137,
    'guidance/1.014177.json': guidance1014177,
    'guidance/2.000200.json': guidance2000200,
    'guidance/2.000528.json': guidance2000528,
    'guidance/2.000806.json': guidance2000806,
    'guidance/2.000815.json': guidance2000815,
    'guidance/2.000884.json': guidance2000884,
    'guidance/2.000908.json': guidance2000908,
    'guidance/2.000986.json': guidance2000986,
    'guidance/2.001194.json': guidance2001194,
    'guidance/2.001195.json': guidance2001195,
    'guidance/2.002913.json': guidance2002913,
    'guidance/3.000001.json': guidance3000001,
    'guidance/3.000002.json': guidance3000002,
    'guidance/3.000228.json': guidance3000228,
    'guidance/3.000346.json': guidance3000346,
    'guidance/3.000347.json': guidance3000347,
    'guidance/3.000348.json': guidance3000348,
    'guidance/bien-dong-dat-dai.json': guidanceBienDongDatDai,
    'guidance/dang-ky-thue.json': guidanceDangKyThue,
    'guidance/dang-ky-xe.json': guidanceDangKyXe,
    'guidance/dau-thu-nho-noi-xi.json': guidanceDauThuNhoNoiXi,
    'guidance/doi-chu-the-mua-ban-dien.json': guidanceDoiChuTheMuaBanDien,
    'guidance/giam-tru-bhyt-ho-gia-dinh.json': guidanceGiamTruBhytHoGiaDinh,
    'guidance/mau-con-dau-moi.json': guidanceMauConDauMoi,
    'guidance/phat-nguoi.json': guidancePhatNguoi,
    'guidance/thi-tot-nghiep-thpt.json': guidanceThiTotNghiepThpt,
    'guidance/tro-cap-that-nghiep.json': guidanceTroCapThatNghiep,
    'guidance/xac-nhan-so-cmnd.json': guidanceXacNhanSoCmnd,
  },
  blocks: {
    'blocks/contact.json': blocksContact,
    'blocks/copies.json': blocksCopies,
    'blocks/ct01-person.json': blocksCt01Person,
    'blocks/identity-paper.json': blocksIdentityPaper,
    'blocks/marriage-end.json': blocksMarriageEnd,
    'blocks/name-birth.json': blocksNameBirth,
    'blocks/origin.json': blocksOrigin,
    'blocks/person.json': blocksPerson,
    'blocks/residence.json': blocksResidence,
    'blocks/residences.json': blocksResidences,
    'blocks/signature.json': blocksSignature,
    'blocks/traits.json': blocksTraits,
  },
}
