/** The procedures this build knows. Works in Node and through Vite. */
import { additional } from './additional.ts'
import { builtIn } from './built-in.ts'
import { type Catalogue, createCatalogue } from './documents/catalogue-source.ts'

export const catalogue: Catalogue = createCatalogue(builtIn, additional)

export const findProcedure = catalogue.find
