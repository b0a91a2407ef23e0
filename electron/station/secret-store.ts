/**
 * Secrets of one station at rest: the device secret, the device key, the session key of the loopback shell.
 * A `SecretBox` says who protects them: the TPM, the operating system's keystore, or nothing but the file's mode. What a file says of its
 * own protection is what the station reports, so a kiosk never claims a keystore that does not hold its secret.
 *
 * Invariant: a secret that exists and cannot be opened stops the station. It is never silently replaced, for a new device secret
 * would make every draft of the machine unreadable.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { DeviceSecretKind } from '../../contracts/station-api.ts'
import { openPrivateFolder, readIfThere, writeDurably } from './durable-file.ts'

type Protection = z.infer<typeof DeviceSecretKind>

export type SecretBox = {
  readonly protection: Protection
  seal(plain: Uint8Array): Promise<Uint8Array>
  open(sealed: Uint8Array): Promise<Uint8Array>
}

/** No protection but the file's mode: said so on the kiosk's screen. */
const plainFileBox: SecretBox = {
  protection: 'file',
  seal: async (plain) => plain,
  open: async (sealed) => sealed,
}

export type KeptSecret = { bytes: Uint8Array; protection: Protection }

export type SecretStore = {
  /** The secret of that name, made by `make` when there is none. */
  keep(name: string, make: () => Uint8Array): Promise<KeptSecret>
  find(name: string): Promise<KeptSecret | undefined>
}

const SecretFile = z.object({
  format: z.literal('tram-secret-1'),
  protection: DeviceSecretKind,
  sealed: z.base64(),
})

const protectorOf: Record<Protection, string> = {
  tpm: "this machine's TPM",
  'os-keystore': "the operating system's keystore",
  file: 'its file',
}

/** @param stronger What protects better than a file's mode, the strongest first: it seals what is new. Each opens what it once sealed. */
export const createSecretStore = async (folder: string, stronger: readonly SecretBox[]): Promise<SecretStore> => {
  await openPrivateFolder(folder)
  const boxes = [...stronger, plainFileBox]
  const fileOf = (name: string) => join(folder, `${name}.secret`)
  /** Two calls at once must not both make the secret: one of them would go on with bytes that are not on disk. */
  const making = new Map<string, Promise<KeptSecret>>()

  const find = async (name: string): Promise<KeptSecret | undefined> => {
    const content = await readIfThere(fileOf(name))
    if (!content) return undefined
    const parsed = SecretFile.safeParse(JSON.parse(Buffer.from(content).toString('utf8')))
    if (!parsed.success) throw new Error(`${fileOf(name)} is damaged: restore it, for what it protects cannot be read without it`)
    const sealed = Buffer.from(parsed.data.sealed, 'base64')
    const { protection } = parsed.data
    const box = boxes.find((each) => each.protection === protection)
    if (box === undefined) {
      throw new Error(`${fileOf(name)} is sealed by ${protectorOf[protection]}, which does not answer: unlock it and start again`)
    }
    try {
      return { bytes: await box.open(sealed), protection }
    } catch (error) {
      throw new Error(`${fileOf(name)} could not be opened by ${protectorOf[protection]}`, { cause: error })
    }
  }

  const make = async (name: string, maker: () => Uint8Array): Promise<KeptSecret> => {
    const kept = await find(name)
    if (kept) return kept
    const bytes = maker()
    const [box = plainFileBox] = boxes
    const sealed = Buffer.from(await box.seal(bytes)).toString('base64')
    await writeDurably(fileOf(name), JSON.stringify({ format: 'tram-secret-1', protection: box.protection, sealed }))
    return { bytes, protection: box.protection }
  }

  return {
    find,
    keep(name, maker) {
      const running = making.get(name)
      if (running) return running
      const made = make(name, maker).finally(() => making.delete(name))
      making.set(name, made)
      return made
    },
  }
}

export const randomSecret = (): Uint8Array => randomBytes(32)
