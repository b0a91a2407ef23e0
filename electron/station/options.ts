/** What a shell is started with: the same words for both. */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { err, ok, type Result } from '../../contracts/result.ts'

const ShellOptions = z.object({
  data: z.string().min(1),
  gateway: z.string().min(1),
  readers: z.enum(['pcsc', 'simulated']).default('pcsc'),
  port: z.coerce.number().int().min(1024).max(65535).optional(),
  renderer: z.string().min(1).optional(),
  windowed: z.boolean().default(false),
  /** Network scanners (eSCL) which do not announce themselves: http://HOST[:PORT]/eSCL. */
  scanner: z.array(z.url({ protocol: /^http$/ })).default([]),
  /** Where another scanner program puts its files. */
  'scan-folder': z.string().min(1).optional(),
  /** Of the mending of the browser's store by whoever opens the browser (loopback). */
  'store-mended': z.uuid().optional(),
  /** Whoever started the shell starts it again when it ends with `startAgain`; else it does so itself. */
  supervised: z.boolean().default(false),
})

/** EX_TEMPFAIL of sysexits.h: the browser's store is gone and is mended by the next start. */
export const startAgain = 75

export type ShellOptions = z.infer<typeof ShellOptions>

/** `strict` is for a command line that is ours alone; Electron's also carries Chromium's switches. */
export const parseShellOptions = (
  words: string[],
  strict: boolean,
): Result<ShellOptions, { type: 'options-invalid'; detail: string }> => {
  let values: Record<string, unknown>
  try {
    values = parseArgs({
      args: words,
      strict,
      allowPositionals: !strict,
      options: {
        data: { type: 'string' },
        gateway: { type: 'string' },
        readers: { type: 'string' },
        port: { type: 'string' },
        renderer: { type: 'string' },
        windowed: { type: 'boolean' },
        scanner: { type: 'string', multiple: true },
        'scan-folder': { type: 'string' },
        'store-mended': { type: 'string' },
        supervised: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    return err({ type: 'options-invalid', detail: error instanceof Error ? error.message : 'unreadable' })
  }
  const parsed = ShellOptions.safeParse(values)
  if (!parsed.success) {
    // Names only: what somebody typed is not for the log.
    const names = [...new Set(parsed.error.issues.map((issue) => `--${issue.path.join('.')}`))].join(', ')
    return err({ type: 'options-invalid', detail: `missing or wrong: ${names}` })
  }
  const folder = parsed.data['scan-folder']
  return ok({
    ...parsed.data,
    data: resolve(parsed.data.data),
    ...(folder === undefined ? {} : { 'scan-folder': resolve(folder) }),
  })
}
