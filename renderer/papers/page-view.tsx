import { t } from '@lingui/core/macro'
import type { AttachmentMediaType } from '../../contracts/dossier.ts'
import { useObjectUrl } from './use-object-url.ts'

type Props = { bytes: Uint8Array<ArrayBuffer> | null; mediaType: AttachmentMediaType; name: string }

/** A page as it will be handed in. */
export const PageView = ({ bytes, mediaType, name }: Props) => {
  const url = useObjectUrl(bytes, mediaType)
  if (url === null) return <p className="page-view note">{t`Đang mở trang…`}</p>
  if (mediaType === 'application/pdf') {
    // Chromium's own viewer, without its bar: what it offers there (save, draw, share) is not for a kiosk.
    if (navigator.pdfViewerEnabled)
      return <iframe className="page-view" title={name} src={`${url}#toolbar=0&navpanes=0&view=FitH`} />
    return (
      <p className="page-view note">
        {t`Máy này không có trình xem PDF.`} <a href={url} download={`${name}.pdf`}>{t`Lưu tệp PDF`}</a>
      </p>
    )
  }
  return <img className="page-view" src={url} alt={name} data-testid="page-picture" />
}
