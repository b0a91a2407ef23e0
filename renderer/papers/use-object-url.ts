import { useEffect, useState } from 'react'
import type { AttachmentMediaType } from '../../contracts/dossier.ts'

/** An address for bytes that the page shows, alive as long as the component; null while there is nothing to show. */
export const useObjectUrl = (bytes: Uint8Array<ArrayBuffer> | null, mediaType: AttachmentMediaType): string | null => {
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    if (bytes === null) return
    const made = URL.createObjectURL(new Blob([bytes], { type: mediaType }))
    setUrl(made)
    return () => {
      URL.revokeObjectURL(made)
      setUrl(null)
    }
  }, [bytes, mediaType])
  return url
}
