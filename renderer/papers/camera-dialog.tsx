/** Pages by a camera: the picture of a page goes straight from the frame to the vault; nothing passes the disk in between. */
import { t } from '@lingui/core/macro'
import { useEffect, useRef, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { type MachineMessage, Message } from '../ui/message.tsx'
import { pageOfFrame } from './page-image.ts'
import { doubtMessage } from './paper-words.ts'
import type { TakenFile } from './take-file.ts'

type Props = { title: string; onPage: (page: TakenFile) => Promise<boolean>; onClose: () => void }

const cameraMessage = (reason: unknown): MachineMessage => {
  const name = reason instanceof DOMException ? reason.name : ''
  if (name === 'NotAllowedError')
    return {
      title: t`Cho phép dùng máy ảnh`,
      body: t`Máy này chưa cho Trạm dùng máy ảnh. Bật quyền máy ảnh, hoặc quét, hoặc chọn tệp. Những gì đã thêm còn nguyên.`,
      code: 'TEP-12',
    }
  if (name === 'NotReadableError')
    return {
      title: t`Đóng chương trình đang dùng máy ảnh`,
      body: t`Máy ảnh đang bị chương trình khác giữ. Đóng chương trình đó rồi mở lại khung này. Những gì đã thêm còn nguyên.`,
      code: 'TEP-13',
    }
  return {
    title: t`Cắm máy ảnh`,
    body: t`Máy chưa thấy máy ảnh nào. Cắm sang cổng USB khác, hoặc quét, hoặc chọn tệp. Những gì đã thêm còn nguyên.`,
    code: 'TEP-14',
  }
}

/** Sharpest picture the camera has, the one at the back of a tablet first. */
const wanted: MediaStreamConstraints = {
  audio: false,
  video: { facingMode: 'environment', width: { ideal: 3264 }, height: { ideal: 2448 } },
}

export const CameraDialog = ({ title, onPage, onClose }: Props) => {
  const video = useRef<HTMLVideoElement>(null)
  const [ready, setReady] = useState(false)
  const [trouble, setTrouble] = useState<MachineMessage | null>(null)
  const [doubts, setDoubts] = useState<MachineMessage[]>([])
  const [taken, setTaken] = useState(0)
  const [storing, setStoring] = useState(false)

  useEffect(() => {
    let stream: MediaStream | null = null
    let left = false
    const stop = (): void => {
      for (const track of stream?.getTracks() ?? []) track.stop()
    }
    void navigator.mediaDevices.getUserMedia(wanted).then(
      (opened) => {
        stream = opened
        if (left || video.current === null) stop()
        else video.current.srcObject = opened
      },
      (reason: unknown) => {
        if (!left) setTrouble(cameraMessage(reason))
      },
    )
    return () => {
      left = true
      stop()
    }
  }, [])

  const shoot = async (): Promise<void> => {
    const frame = video.current
    if (frame === null || storing) return
    setStoring(true)
    const number = taken + 1
    const fileName = `${t`trang ${number}`}.jpg`
    try {
      const page = await pageOfFrame(frame)
      const stored = await onPage({ fileName, mediaType: 'image/jpeg', bytes: page.bytes, doubts: page.doubts })
      setDoubts(stored ? page.doubts.map((doubt) => doubtMessage(fileName, doubt)) : [])
      if (stored) setTaken(number)
      else onClose()
    } finally {
      setStoring(false)
    }
  }

  return (
    <Dialog title={t`Chụp: ${title}`} onClose={onClose} testId="camera-dialog">
      {trouble === null ? null : <Message kind="warning" message={trouble} />}
      {trouble === null ? (
        <video ref={video} className="page-view" autoPlay playsInline muted onPlaying={() => setReady(true)}>
          <track kind="captions" />
        </video>
      ) : null}
      {doubts.map((doubt) => (
        <Message key={doubt.title} kind="warning" message={doubt} />
      ))}
      <p className="note" role="status">
        {taken === 0 ? t`Đặt giấy phẳng, kín khung hình.` : t`Đã chụp và lưu ${taken} trang. Đặt trang sau, hoặc bấm Xong.`}
      </p>
      <div className="row">
        <Button kind="primary" autoFocus testId="shoot" disabled={!ready || storing} onPress={() => void shoot()}>
          {storing ? t`Đang mã hoá và lưu…` : t`Chụp trang`}
        </Button>
        <Button onPress={onClose} testId="camera-done">
          {t`Xong`}
        </Button>
      </div>
    </Dialog>
  )
}
