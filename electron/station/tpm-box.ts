/**
 * Secrets sealed by the machine's TPM 2.0 (Linux, through tpm2-tools of the TCG's software stack): whoever has the disk alone has nothing to
 * try a PIN against. Not bound to PCRs: a firmware update must not cost a post office its drafts; so a whole machine that is stolen and
 * started from another disk unseals, and what then stands between is the PIN, as with a file.
 *
 * The parent is the owner hierarchy's primary key of this template (TCG TPM 2.0 Library, part 1, 14.3): the TPM makes the same one each
 * time from its seed, so nothing is kept inside the TPM and clearing the owner hierarchy is what destroys the secrets.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { SecretBox } from './secret-store.ts'

/** A discrete TPM takes a second for a command; one that takes longer is taken for dead. */
const commandTimeoutMs = 15_000

/** The kernel's resource manager: only Linux has it. */
const device = '/dev/tpmrm0'

const Sealed = z.object({ public: z.base64(), private: z.base64() })

const run = (command: string, words: string[], input?: Uint8Array): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const child = execFile(
      command,
      words,
      { encoding: 'buffer', timeout: commandTimeoutMs, killSignal: 'SIGKILL' },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout)
        // The tools say the reason last; the secret passes by stdin and stdout alone.
        else
          reject(new Error(`${command}: ${stderr.toString('utf8').trim().split('\n').at(-1) || error.message}`, { cause: error }))
      },
    )
    // A command that ends at once leaves nobody at the other end of its stdin: its exit tells why.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })

/**
 * Each tool saves what the next one needs in a file, and leaves it in the TPM too. The kernel's resource manager forgets a connection's
 * objects; without it three of them fill a TPM.
 */
const tpm = async (command: string, words: string[], input?: Uint8Array): Promise<Buffer> => {
  const answer = await run(command, words, input)
  await run('tpm2_flushcontext', ['-Q', '-t'])
  return answer
}

type Failure = Error & { cause?: { code?: unknown } }
const isNotThere = (error: unknown) => error instanceof Error && (error as Failure).cause?.code === 'ENOENT'

/**
 * The box, or undefined where there is no TPM that this user may use. Which one is used is the tools' own choice: `/dev/tpmrm0`, or what
 * `TPM2TOOLS_TCTI` names.
 * @param folder Private folder for the moment's public files.
 * @param tell Is told why a TPM that is there cannot be used.
 */
export const openTpm = async (folder: string, tell: (reason: string) => void): Promise<SecretBox | undefined> => {
  if (!existsSync(device) && process.env.TPM2TOOLS_TCTI === undefined) return undefined

  const withPrimary = async <T>(work: (at: (name: string) => string, primary: string) => Promise<T>): Promise<T> => {
    const own = await mkdtemp(join(folder, '.tpm-'))
    const at = (name: string) => join(own, name)
    try {
      await tpm('tpm2_createprimary', ['-Q', '-C', 'o', '-g', 'sha256', '-G', 'ecc', '-c', at('primary')])
      return await work(at, at('primary'))
    } finally {
      await rm(own, { recursive: true, force: true })
    }
  }

  const box: SecretBox = {
    protection: 'tpm',
    seal: (plain) =>
      withPrimary(async (at, primary) => {
        // It has no password that could be guessed: whoever fails at other objects must not lock it (noda).
        const attributes = 'fixedtpm|fixedparent|noda|userwithauth'
        const files = ['-u', at('public'), '-r', at('private')]
        await tpm('tpm2_create', ['-Q', '-C', primary, '-g', 'sha256', '-a', attributes, '-i', '-', ...files], plain)
        const [publicPart, privatePart] = await Promise.all([readFile(at('public')), readFile(at('private'))])
        const sealed = { public: publicPart.toString('base64'), private: privatePart.toString('base64') }
        return Buffer.from(JSON.stringify(Sealed.parse(sealed)))
      }),
    open: (sealed) =>
      withPrimary(async (at, primary) => {
        const parts = Sealed.parse(JSON.parse(Buffer.from(sealed).toString('utf8')))
        await writeFile(at('public'), Buffer.from(parts.public, 'base64'))
        await writeFile(at('private'), Buffer.from(parts.private, 'base64'))
        await tpm('tpm2_load', ['-Q', '-C', primary, '-u', at('public'), '-r', at('private'), '-c', at('object')])
        return tpm('tpm2_unseal', ['-c', at('object')])
      }),
  }

  try {
    await withPrimary(async () => undefined)
    return box
  } catch (error) {
    if (!isNotThere(error)) tell(error instanceof Error ? error.message : String(error))
    return undefined
  }
}
