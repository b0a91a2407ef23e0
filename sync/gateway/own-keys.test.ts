import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Gateway, keysFile, startGateway } from './gateway.ts'
import { enrolSpecimenStation } from './specimen-station.ts'
import { layReadyCluster } from './storage/ready-cluster.fixture.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tram-own-keys-'))
  await chmod(folder, 0o711)
  for (const name of ['one', 'other']) await layReadyCluster(path.join(folder, name))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const dataFolder = (name: string) => path.join(folder, name)
const start = (name: string): Promise<Gateway> => startGateway({ dataFolder: dataFolder(name), mode: 'demo' })

it('keys and database stay together: none are made anew, none are taken from elsewhere', async () => {
  const one = await start('one')
  const { code } = await one.createEnrolmentCode({ pointName: 'Điểm Mẫu', stationName: 'Quầy mẫu', demo: true })
  await enrolSpecimenStation(one.url, code, true)
  await one.stop()
  await (await start('other')).stop()

  const keys = keysFile(dataFolder('one'))
  await rename(keys, `${keys}.away`)
  await expect(start('one')).rejects.toThrow(/put .* back from its copy/)
  expect(existsSync(keys)).toBe(false)

  await cp(keysFile(dataFolder('other')), keys)
  await expect(start('one')).rejects.toThrow('this database belongs to other keys')

  await rename(`${keys}.away`, keys)
  await (await start('one')).stop()
})

it('an empty database destroys no citizen’s key', async () => {
  const citizenKeys = path.join(dataFolder('one'), 'citizen-keys')
  await mkdir(citizenKeys, { recursive: true })
  const key = 'b9c6cf1c-30c2-4f9c-a5a7-5d6c8e4f4d10'
  await writeFile(path.join(citizenKeys, key), '{}')
  await rename(path.join(dataFolder('one'), 'postgresql'), path.join(folder, 'postgresql-away'))
  await rename(path.join(dataFolder('one'), 'postgresql.json'), path.join(folder, 'postgresql-away.json'))
  await layReadyCluster(dataFolder('one'))
  await expect(start('one')).rejects.toThrow('this database is empty and the data folder is not')
  expect(await readdir(citizenKeys)).toEqual([key])
})
