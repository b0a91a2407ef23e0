/**
 * The document as its author writes it, as JSON Schema for an editor (`"$schema": "../procedure.schema.json"`): keys offered while
 * typing, mistakes underlined. Made from the same zod schemas; `npm run procedures -- check` knows more, such as names that must exist.
 */
import { z } from 'zod'
import { Guidance } from '../../contracts/procedure.ts'
import { WrittenProcedure } from '../../contracts/procedure-document.ts'

const textOf = (schema: z.ZodType, title: string): string =>
  `${JSON.stringify({ title, ...z.toJSONSchema(schema, { io: 'input', reused: 'ref' }) }, null, 2)}\n`

/** By file in procedures/. */
export const jsonSchemas = (): Readonly<Record<string, string>> => ({
  'procedure.schema.json': textOf(WrittenProcedure, 'Thủ tục / Procedure'),
  'guidance.schema.json': textOf(Guidance, 'Bản hướng dẫn / Guidance record'),
})
