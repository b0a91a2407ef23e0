/** The same bytes for every contestant: incompressible, other ones for each dossier, whole when the last byte is right. */

/** A JPEG by its first bytes, noise behind. */
export function attachmentOf(index: number, size: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(size / 4))
  let state = (index + 1) * 2654435761
  for (let at = 0; at < words.length; at += 1) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    words[at] = state >>> 0
  }
  const bytes = new Uint8Array(words.buffer, 0, size)
  bytes.set([0xff, 0xd8, 0xff, 0xe0])
  return bytes.slice()
}

export const isWhole = (bytes: Uint8Array, index: number): boolean => {
  const expected = attachmentOf(index, bytes.length)
  return bytes.every((byte, at) => byte === expected[at])
}

export const idOf = (index: number): string => `dossier-${String(index).padStart(6, '0')}`
export const indexOf = (id: string): number => Number(id.slice(-6))

export const toBase64 = (bytes: Uint8Array): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '')
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(new Blob([Uint8Array.from(bytes)]))
  })
export const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
