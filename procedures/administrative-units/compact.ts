/** The compact text of all units as the kiosk carries it (units.json): what `npm run units` writes and units.ts reads. */
import { z } from 'zod'

export const CompactUnits = z.object({
  source: z.string(),
  /** `before` is the name the unit had in the published tables, when it has changed since. */
  provinces: z.array(z.object({ code: z.string(), name: z.string(), before: z.string().optional() })),
  /** By province: a line a commune, `00004 Phường Ba Đình`, with `|Xã …` when its name has changed since 7/2025. */
  communes: z.record(z.string(), z.string()),
  /** By province and district before 7/2025: a line a unit, `name|code|targets`; `=` is the code itself. */
  formers: z.record(z.string(), z.record(z.string(), z.string())),
  districtsAlsoCalled: z.record(z.string(), z.array(z.string())),
})
export type CompactUnits = z.infer<typeof CompactUnits>
