/**
 * Makes a one-time enrolment code beside a running gateway:
 * `node sync/gateway/enrol-code.ts --point "Bưu điện Mường Ảng" --station "Quầy 2"
 *   [--place "xã Mường Ảng, tỉnh Điện Biên"] [--demo] [--data DIR]`.
 * It reaches the database by DATABASE_URL or by the 0600 file the running gateway keeps in its data folder: who can read
 * that file may enrol stations. The code is printed once and kept nowhere.
 */
import { parseArgs } from 'node:util'
import { communeNamed } from '../../procedures/lookup/commune-named.ts'
import { dataFolderDefault, withDatabase } from './beside.ts'
import { createEnrolmentCode } from './stations/enrolment.ts'

const { values } = parseArgs({
  options: {
    point: { type: 'string' },
    station: { type: 'string' },
    place: { type: 'string' },
    demo: { type: 'boolean', default: false },
    data: { type: 'string', default: dataFolderDefault },
  },
})
const { point, station, place, demo, data } = values
if (!point || !station) {
  console.error('Cần --point "tên điểm" và --station "tên quầy" / --point and --station are needed')
  process.exit(2)
}
const pointPlace = place === undefined ? undefined : await communeNamed(place)
if (place !== undefined && pointPlace === undefined) {
  console.error(`--place: không có xã nào của hiện nay tên "${place}" / no commune of today is called so`)
  process.exit(2)
}
await withDatabase(data, async (database) => {
  const { code, expiresAt } = await createEnrolmentCode(database, {
    pointName: point,
    stationName: station,
    demo,
    ...(pointPlace && { pointPlace }),
  })
  console.log(`${code}\nhết hạn / expires ${expiresAt}`)
})
