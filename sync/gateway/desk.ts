/**
 * What the desk of a gateway does for its points, beside the running gateway: reads out recovery codes, removes operators, rotates keys.
 * Whoever may read the gateway's data folder may do these; a code is printed once and kept nowhere.
 */
import { parseArgs } from 'node:util'
import { communeNamed } from '../../procedures/lookup/commune-named.ts'
import { dataFolderDefault, withDatabase } from './beside.ts'
import { keysFile } from './gateway.ts'
import { loadKeys, rotateKeys } from './keys.ts'
import { listStations, placeStation } from './stations/enrolment.ts'
import { isLastSupervisor, listOperators, removeOperator } from './stations/leases.ts'
import { answerRecovery, type RecoveryRefusal } from './stations/recovery.ts'

const fail = (line: string): void => {
  console.error(line)
  process.exitCode = 1
}

const refusalWords: Record<RecoveryRefusal['type'], string> = {
  'challenge-mistyped': 'So lại mã thử với người gọi: có chữ nghe nhầm / the challenge was misheard',
  'station-unknown': 'Không có máy nào mang mã này / no such station',
  'station-revoked': 'Máy này đã bị thu hồi: không đọc mã / the station is revoked',
  'operator-removed': 'Người này đã bị gỡ khỏi máy: không đọc mã / the operator was removed',
  'caller-unsure':
    'Máy chưa báo mã này của ai, mà ở máy có người đã bị gỡ / not reported whose code this is, and somebody was removed:',
  'answered-before': 'Mã này đã đọc một lần. Gọi lại số của điểm để chắc chắn, rồi thêm --again / given before',
}

export async function recovery(words: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: {
      data: { type: 'string', default: dataFolderDefault },
      again: { type: 'boolean', default: false },
      'caller-known': { type: 'boolean', default: false },
    },
  })
  if (positionals.length === 0) return fail('Cần mã thử mà máy ở điểm đang hiện / the challenge shown on the kiosk is needed')
  await withDatabase(values.data, async (database) => {
    const answered = await answerRecovery(database, await loadKeys(keysFile(values.data)), positionals.join(''), {
      again: values.again,
      callerKnown: values['caller-known'],
    })
    if (!answered.ok) {
      fail(refusalWords[answered.error.type])
      if (answered.error.type !== 'caller-unsure') return
      for (const name of answered.error.removed) console.error(`  ${name}`)
      return console.error(
        'Chắc chắn người gọi không phải những người này thì thêm --caller-known / add it when the caller is none of them',
      )
    }
    const { code, pointName, stationName, operatorName } = answered.value
    console.log(code)
    console.log(`${pointName} · ${stationName} · ${operatorName ?? 'máy chưa báo tên người này / name not reported yet'}`)
    console.log(
      'Chỉ đọc cho đúng người này, sau khi gọi lại số của điểm / read it only to this person, after calling the point back',
    )
  })
}

export async function operators(words: string[]): Promise<void> {
  const { values } = parseArgs({ args: words, options: { data: { type: 'string', default: dataFolderDefault } } })
  await withDatabase(values.data, async (database) => {
    for (const row of await listOperators(database)) {
      const state = row.removed_at === null ? '' : `  đã gỡ / removed ${row.removed_at.toISOString()}`
      console.log(`${row.operator_id}  ${row.point_name} · ${row.station_name}  ${row.name} (${row.role})${state}`)
    }
  })
}

export async function stations(words: string[]): Promise<void> {
  const { values } = parseArgs({ args: words, options: { data: { type: 'string', default: dataFolderDefault } } })
  await withDatabase(values.data, async (database) => {
    for (const row of await listStations(database)) {
      const training = row.demo ? '  (tập huấn / training)' : ''
      console.log(
        `${row.station_id}  ${row.point_name} · ${row.station_name}  ${row.point_place ?? 'chưa có nơi đặt / no place'}${training}`,
      )
    }
  })
}

export async function setPlace(words: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: { data: { type: 'string', default: dataFolderDefault } },
  })
  const [stationId = '', ...place] = positionals
  if (!/^[0-9a-f-]{36}$/i.test(stationId) || place.length === 0)
    return fail('Cần mã máy (xem: stations) và tên xã / the station id and the name of a commune are needed')
  const commune = await communeNamed(place.join(' '))
  if (commune === undefined)
    return fail(`Không có xã nào của hiện nay tên "${place.join(' ')}" / no commune of today is called so`)
  await withDatabase(values.data, async (database) => {
    if (!(await placeStation(database, stationId, commune))) return fail('Không có máy nào mang mã này / no such station')
    console.log(`${commune}: máy tự nhận ở lần liên lạc tới / the station hears it with its next contact`)
  })
}

export async function removeOperatorById(words: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: {
      data: { type: 'string', default: dataFolderDefault },
      'lose-drafts': { type: 'boolean', default: false },
    },
  })
  const [operatorId = ''] = positionals
  if (!/^[0-9a-f-]{36}$/i.test(operatorId)) return fail('Cần mã của người đó (xem: operators) / the operator id is needed')
  await withDatabase(values.data, async (database) => {
    if (!values['lose-drafts'] && (await isLastSupervisor(database, operatorId))) {
      return fail(
        'Đây là phụ trách duy nhất của máy: gỡ thì không ai mở được hồ sơ người này còn làm dở. Cho một người khác làm phụ trách trước, hoặc thêm --lose-drafts / the only supervisor: nobody else can open what is unfinished',
      )
    }
    if (!(await removeOperator(database, operatorId)))
      return fail('Không có ai mang mã này, hoặc đã gỡ rồi / nobody, or removed before')
    console.log('Đã gỡ: từ lần đồng bộ tới, PIN của người này không mở được gì / removed from the next sync on')
  })
}

export async function rotate(words: string[]): Promise<void> {
  const { values } = parseArgs({ args: words, options: { data: { type: 'string', default: dataFolderDefault } } })
  const made = await rotateKeys(keysFile(values.data))
  console.log(`Khoá niêm phong mới / new sealing key: ${made.sealing}\nKhoá ký biên nhận mới / new receipt key: ${made.receipts}`)
  console.log(
    'Máy chủ đang chạy tự nhận trong vài giây; khoá cũ vẫn mở hàng chờ cũ / taken over within seconds; old queues still open',
  )
}
