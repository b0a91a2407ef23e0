/** The documents of this repository. Written by `npm run procedures -- index`; a test keeps it in step with the folders. */
import p1000656DangKyKhaiTuProcedure from './1.000656-dang-ky-khai-tu/procedure.json' with { type: 'json' }
import p1000894DangKyKetHonProcedure from './1.000894-dang-ky-ket-hon/procedure.json' with { type: 'json' }
import p1001193DangKyKhaiSinhProcedure from './1.001193-dang-ky-khai-sinh/procedure.json' with { type: 'json' }
import p1002179BaoHiemXaHoiTuNguyenProcedure from './1.002179-bao-hiem-xa-hoi-tu-nguyen/procedure.json' with { type: 'json' }
import p1003677KhaiBaoTamVangProcedure from './1.003677-khai-bao-tam-vang/procedure.json' with { type: 'json' }
import p1004194DangKyTamTruProcedure20250701 from './1.004194-dang-ky-tam-tru/procedure.2025-07-01.json' with { type: 'json' }
import p1004194DangKyTamTruProcedure from './1.004194-dang-ky-tam-tru/procedure.json' with { type: 'json' }
import p1004222DangKyThuongTruProcedure20250701 from './1.004222-dang-ky-thuong-tru/procedure.2025-07-01.json' with { type: 'json' }
import p1004222DangKyThuongTruProcedure from './1.004222-dang-ky-thuong-tru/procedure.json' with { type: 'json' }
import p2001159ThongBaoLuuTruProcedure from './2.001159-thong-bao-luu-tru/procedure.json' with { type: 'json' }
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
import type { CatalogueSource } from './documents/catalogue-source.ts'

export const builtIn: CatalogueSource = {
  procedures: {
    '1.000656-dang-ky-khai-tu/procedure.json': p1000656DangKyKhaiTuProcedure,
    '1.000894-dang-ky-ket-hon/procedure.json': p1000894DangKyKetHonProcedure,
    '1.001193-dang-ky-khai-sinh/procedure.json': p1001193DangKyKhaiSinhProcedure,
    '1.002179-bao-hiem-xa-hoi-tu-nguyen/procedure.json': p1002179BaoHiemXaHoiTuNguyenProcedure,
    '1.003677-khai-bao-tam-vang/procedure.json': p1003677KhaiBaoTamVangProcedure,
    '1.004194-dang-ky-tam-tru/procedure.2025-07-01.json': p1004194DangKyTamTruProcedure20250701,
    '1.004194-dang-ky-tam-tru/procedure.json': p1004194DangKyTamTruProcedure,
    '1.004222-dang-ky-thuong-tru/procedure.2025-07-01.json': p1004222DangKyThuongTruProcedure20250701,
    '1.004222-dang-ky-thuong-tru/procedure.json': p1004222DangKyThuongTruProcedure,
    '2.001159-thong-bao-luu-tru/procedure.json': p2001159ThongBaoLuuTruProcedure,
  },
  guidance: {},
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
  },
}
