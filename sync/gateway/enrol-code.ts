/**
 * Makes a one-time enrolment code beside a running gateway:
 * `node sync/gateway/enrol-code.ts --point "Bưu điện Mường Ảng" --station "Quầy 2" [--demo] [--data DIR]`.
 * It reaches the database by DATABASE_URL or by the 0600 file the running gateway keeps in its data folder: who can read
 * that file may enrol stations. The code is printed once and kept nowhere.
 */
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { databaseUrlFile } from './gateway.ts'
import { createEnrolmentCode } from './stations/enrolment.ts'
import { openDatabase } from './storage/database.ts'

const { values } = parseArgs({
  options: {
    point: { type: 'string' },
    station: { type: 'string' },
    demo: { type: 'boolean', default: false },
    data: { type: 'string', default: process.env.TRAM_GATEWAY_DATA ?? 'data/gateway' },
  },
})
if (!values.point || !values.station) {
  console.error('Cần --point "tên điểm" và --station "tên quầy" / --point and --station are needed')
  process.exit(2)
}
const url = process.env.DATABASE_URL ?? (await readFile(databaseUrlFile(values.data), 'utf8').catch(() => undefined))
if (url === undefined) {
  console.error(`Máy chủ chưa chạy với thư mục ${values.data} / no gateway runs on this data folder`)
  process.exit(1)
}
const database = openDatabase(url, () => undefined)
try {
  const { code, expiresAt } = await createEnrolmentCode(database, {
    pointName: values.point,
    stationName: values.station,
    demo: values.demo,
  })
  console.log(`${code}\nhết hạn / expires ${expiresAt}`)
} catch (error) {
  console.error(`Không tạo được mã / no code was made: ${error instanceof Error ? error.name : 'unknown'}`)
  process.exitCode = 1
} finally {
  await database.destroy()
}
