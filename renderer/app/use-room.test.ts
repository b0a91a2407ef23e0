import { describe, expect, it } from 'vitest'
import { fewestDossiers, roomOf } from './use-room.ts'

const MiB = 1024 * 1024

describe('room on the machine', () => {
  it('goes by the nearer of quota and disk', () => {
    expect(roomOf({ quota: 1000 * MiB, usage: 900 * MiB }, { freeBytes: 50_000 * MiB, totalBytes: 100_000 * MiB })).toEqual({
      dossiers: 14,
      nearlyFull: true,
    })
    const low = roomOf({ quota: 100_000 * MiB, usage: 0 }, { freeBytes: 20 * MiB, totalBytes: 100_000 * MiB })
    expect(low?.dossiers).toBeLessThan(fewestDossiers)
    expect(roomOf({}, null)).toBeNull()
  })

  it('warns at four fifths of what the browser allows, however much that leaves', () => {
    expect(roomOf({ quota: 10_000 * MiB, usage: 7_999 * MiB }, null)).toMatchObject({ nearlyFull: false })
    expect(roomOf({ quota: 10_000 * MiB, usage: 8_000 * MiB }, null)).toMatchObject({ nearlyFull: true })
  })

  it('does not warn of a large disk that is four fifths full', () => {
    expect(roomOf({}, { freeBytes: 20_000 * MiB, totalBytes: 100_000 * MiB })).toMatchObject({ nearlyFull: false })
  })
})
