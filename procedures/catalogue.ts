/** The procedures this build knows, each parsed when the module loads. Works in Node and through Vite. */
import type { Procedure } from '../contracts/procedure.ts'
import { additional } from './additional.ts'
import { builtIn } from './built-in.ts'
import { type Catalogue, createCatalogue } from './documents/catalogue-source.ts'

export const catalogue: Catalogue = createCatalogue(builtIn, additional)

export const procedures: readonly Procedure[] = catalogue.procedures

export const findProcedure = catalogue.find
