/** The face of DG2 beside the question whose it is. */
import { t } from '@lingui/core/macro'
import { useEffect, useRef } from 'react'
import type { Pixels } from './decode-jpeg2000.ts'
import type { ChipPhotoState } from './use-chip-photo.ts'

export const ChipPhoto = ({ photo }: { photo: ChipPhotoState }) => {
  const label = t`Ảnh khuôn mặt trong chip`
  switch (photo.name) {
    case 'none':
      return null
    case 'address':
      return <img className="chip-photo" src={photo.address} alt={label} data-testid="card-photo" />
    case 'pixels':
      return <Drawn pixels={photo.pixels} label={label} />
    case 'decoding':
      return <div className="chip-photo absent note">{t`Đang mở ảnh…`}</div>
    case 'unreadable':
      return <div className="chip-photo absent note" data-testid="card-photo-unreadable">{t`Ảnh trong chip không mở được`}</div>
  }
}

const Drawn = ({ pixels, label }: { pixels: Pixels; label: string }) => {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const { data, width, height } = pixels
    canvas.current?.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0)
  }, [pixels])
  return (
    <canvas
      ref={canvas}
      className="chip-photo"
      width={pixels.width}
      height={pixels.height}
      role="img"
      aria-label={label}
      data-testid="card-photo"
    />
  )
}
