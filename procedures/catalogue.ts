/** The procedures this program knows: those of its build, and in a kiosk the gateway's. Works in Node and through Vite. */
import { additional } from './additional.ts'
import { builtIn } from './built-in.ts'
import { createLiveCatalogue, type LiveCatalogue } from './documents/live-catalogue.ts'

export const catalogue: LiveCatalogue = createLiveCatalogue(builtIn, additional)

export const findProcedure = catalogue.find
