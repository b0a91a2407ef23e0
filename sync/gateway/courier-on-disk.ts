/** A courier's file as the desk's commands read it, slice by slice. */
import { open } from 'node:fs/promises'
import type { CourierFault, CourierSource } from '../packet/courier-file.ts'

/** Says so and sets the exit code when there is no such file. */
export async function withCourierFile(name: string | undefined, work: (source: CourierSource) => Promise<void>): Promise<void> {
  const file = name === undefined ? undefined : await open(name, 'r').catch(() => undefined)
  if (file === undefined) {
    console.error('Cần tệp chuyển hàng chờ / the courier file is needed')
    process.exitCode = 2
    return
  }
  try {
    const { size } = await file.stat()
    await work({
      size,
      read: async (from, to) => {
        const { bytesRead, buffer } = await file.read(new Uint8Array(to - from), 0, to - from, from)
        return buffer.subarray(0, bytesRead)
      },
    })
  } finally {
    await file.close()
  }
}

export function sayCourierFault(fault: CourierFault): void {
  process.exitCode = 1
  console.error(
    fault.type === 'not-a-courier'
      ? 'Đây không phải tệp chuyển hàng chờ / not a courier file'
      : 'Tệp bị cắt: chép lại từ máy gốc / the file is cut off, copy it again',
  )
}
