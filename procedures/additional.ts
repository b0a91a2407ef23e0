/** Documents from outside this repository. Empty here; the build of the pages puts those of TRAM_PROCEDURES in its place. */
import type { CatalogueSource } from './documents/catalogue-source.ts'

export const additional: CatalogueSource = { procedures: {}, guidance: {}, blocks: {} }
