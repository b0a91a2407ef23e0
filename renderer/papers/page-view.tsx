import { t } from '@lingui/core/macro'
import type { AttachmentMediaType } from '../../contracts/dossier.ts'
import { useObjectUrl } from './use-object-url.ts'

type Props = { bytes: Uint8Array<ArrayBuffer> | null; mediaType: AttachmentMediaType; name: string }

/** A page as it will be handed in. */
export const PageView = ({ bytes, mediaType, name }: Props) => {
  const url = useObjectUrl(bytes, mediaType)
  if (url === null) return <p className="page-view note">{t`Đang mở trang…`}</p>
  if (mediaType === 'application/pdf') return <iframe className="page-view" title={name} src={url} />
  return <img className="page-view" src={url} alt={name} data-testid="page-picture" />
}
