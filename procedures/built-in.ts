/** The documents of this repository. Written by `npm run procedures -- index`; a test keeps it in step with the folders. */
import p1001193DangKyKhaiSinhProcedure from './1.001193-dang-ky-khai-sinh/procedure.json' with { type: 'json' }
import blocksContact from './blocks/contact.json' with { type: 'json' }
import blocksIdentityPaper from './blocks/identity-paper.json' with { type: 'json' }
import blocksNameBirth from './blocks/name-birth.json' with { type: 'json' }
import blocksOrigin from './blocks/origin.json' with { type: 'json' }
import blocksPerson from './blocks/person.json' with { type: 'json' }
import blocksResidence from './blocks/residence.json' with { type: 'json' }
import blocksResidences from './blocks/residences.json' with { type: 'json' }
import blocksSignature from './blocks/signature.json' with { type: 'json' }
import type { CatalogueSource } from './documents/catalogue-source.ts'

export const builtIn: CatalogueSource = {
  procedures: {
    '1.001193-dang-ky-khai-sinh/procedure.json': p1001193DangKyKhaiSinhProcedure,
  },
  guidance: {},
  blocks: {
    'blocks/contact.json': blocksContact,
    'blocks/identity-paper.json': blocksIdentityPaper,
    'blocks/name-birth.json': blocksNameBirth,
    'blocks/origin.json': blocksOrigin,
    'blocks/person.json': blocksPerson,
    'blocks/residence.json': blocksResidence,
    'blocks/residences.json': blocksResidences,
    'blocks/signature.json': blocksSignature,
  },
}
