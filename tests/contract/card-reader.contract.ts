/** What every `CardReader` keeps, whatever is behind it. The simulated reader and the PC/SC reader both pass it. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CardFailure, CardProgress, CardReading, ReaderStatus } from '../../contracts/card.ts'
import type { Result } from '../../contracts/result.ts'
import type { CardReader, ReadLimits } from '../../hardware/ports/card-reader.ts'
import type { ChipFault } from '../../hardware/simulators/chip/simulated-chip.ts'
import { mrzAccessOf, nguyenThiMau, type Specimen, specimens, tranVanThu } from '../../hardware/simulators/specimens.ts'

export type CardReaderBench = {
  reader: CardReader
  readerName: string
  insert(specimen: Specimen, faults?: readonly ChipFault[]): Promise<void>
  remove(): Promise<void>
  unplug(): Promise<void>
  plug(): Promise<void>
  close(): Promise<void>
}

/** Short, so that the suite stays quick; long enough for a virtual reader's 45 ms an exchange. */
export const contractLimits: Partial<ReadLimits> = { waitForCard: 1_500, exchange: 2_500, reading: 10_000 }

const failureOf = (result: Result<CardReading, CardFailure>): CardFailure['type'] | 'read' =>
  result.ok ? 'read' : result.error.type

export const cardReaderContract = (name: string, createBench: () => Promise<CardReaderBench>): void => {
  describe(`card reader contract: ${name}`, () => {
    let bench: CardReaderBench
    beforeAll(async () => {
      bench = await createBench()
    })
    afterEach(() => bench.remove())
    afterAll(() => bench.close())

    const read = (specimen: Specimen = nguyenThiMau, options?: Parameters<CardReader['read']>[1]) =>
      bench.reader.read({ access: mrzAccessOf(specimen), readerName: bench.readerName }, options)
    const statusOf = (readers: readonly ReaderStatus[]) => readers.find((reader) => reader.name === bench.readerName)?.cardPresent

    it('lists its readers and whether a card lies there', async () => {
      const before = await bench.reader.listReaders()
      expect(before.ok && statusOf(before.value)).toBe(false)
      await bench.insert(nguyenThiMau)
      const now = async () => {
        const after = await bench.reader.listReaders()
        return after.ok && statusOf(after.value)
      }
      await expect.poll(now, { timeout: 4_000 }).toBe(true)
    })

    it('tells a watcher of cards until it unsubscribes', async () => {
      const heard: (boolean | undefined)[] = []
      const unsubscribe = bench.reader.watchReaders((readers) => heard.push(statusOf(readers)))
      await expect.poll(() => heard.at(-1), { timeout: 4_000 }).toBe(false)
      await bench.insert(nguyenThiMau)
      await expect.poll(() => heard.at(-1), { timeout: 4_000 }).toBe(true)
      await bench.remove()
      await expect.poll(() => heard.at(-1), { timeout: 4_000 }).toBe(false)
      unsubscribe()
      const count = heard.length
      await bench.insert(nguyenThiMau)
      expect(heard.length).toBe(count)
    })

    it.each(specimens)('reads $fullName whole', async (specimen) => {
      await bench.insert(specimen)
      const reading = await read(specimen)
      if (!reading.ok) throw new Error(JSON.stringify(reading.error))
      expect(reading.value.person).toMatchObject({
        personalNumber: specimen.personalNumber,
        fullName: specimen.fullName,
        birthDate: specimen.birthDate.split('-').reverse().join('/'),
        residence: specimen.residence,
        ethnicity: specimen.ethnicity,
        fatherName: specimen.fatherName,
        motherName: specimen.motherName,
      })
      expect(reading.value).toMatchObject({
        groupsListed: ['dg1', 'dg2', 'dg13', 'dg14', 'dg15'],
        groupsRead: ['dg1', 'dg13', 'dg14', 'dg15', 'dg2'],
        groupsMissing: [],
        proof: { verdict: { type: expect.stringMatching(/^genuine/), chip: 'proven' } },
        specimen: true,
        readerName: bench.readerName,
      })
    })

    it('tells how far it is, never going back, and ends with done', async () => {
      await bench.insert(nguyenThiMau)
      const heard: CardProgress[] = []
      expect(failureOf(await read(nguyenThiMau, { onProgress: (progress) => heard.push(progress) }))).toBe('read')
      const steps = [...new Set(heard.map((progress) => progress.step))]
      const inOrder = [
        'connecting',
        'opening-chip',
        'reading-text',
        'reading-proof',
        'checking-chip',
        'reading-photo',
        'checking-data',
        'done',
      ]
      expect(steps).toEqual(inOrder.filter((step) => steps.some((heardStep) => heardStep === step)))
      expect(steps).toEqual(expect.arrayContaining(['connecting', 'opening-chip', 'reading-text', 'done']))
      const bytes = heard.map((progress) => progress.bytesRead)
      expect(bytes).toEqual([...bytes].sort((left, right) => left - right))
      expect(heard.at(-1)?.bytesRead).toBe(heard.at(-1)?.bytesExpected)
    })

    it('says access-denied for a wrong MRZ, and reads when it is put right', async () => {
      await bench.insert(nguyenThiMau)
      expect(failureOf(await read(tranVanThu))).toBe('access-denied')
      expect(failureOf(await read(nguyenThiMau))).toBe('read')
    })

    it('says no-card when none comes in time, and reads the one that comes while it waits', async () => {
      // A driver may hear a moment later than the service that the card before has left.
      await expect.poll(async () => failureOf(await read()), { timeout: 20_000 }).toBe('no-card')
      const steps: string[] = []
      const reading = read(nguyenThiMau, { onProgress: ({ step }) => steps.push(step) })
      await expect.poll(() => steps).toContain('waiting-for-card')
      await bench.insert(nguyenThiMau)
      expect(failureOf(await reading)).toBe('read')
    })

    it.each([0, 1, 2, 4, 9])(
      'says card-removed, never a wrong key, when the card leaves after %i commands; the next one reads',
      async (apdus) => {
        await bench.insert(nguyenThiMau, [{ type: 'removed-after', apdus }])
        expect(failureOf(await read())).toBe('card-removed')
        await bench.insert(nguyenThiMau)
        expect(failureOf(await read())).toBe('read')
      },
    )

    it.each(['no-dg13', 'garbage-dg13'] as const)(
      'reads what there is when the chip has %s, and names what is missing',
      async (type) => {
        await bench.insert(nguyenThiMau, [{ type }])
        const reading = await read()
        if (!reading.ok) throw new Error(JSON.stringify(reading.error))
        expect(reading.value.person.personalNumber).toBe(nguyenThiMau.personalNumber)
        expect(reading.value.person.birthDate).toBe('14/05/1990')
        expect(reading.value.groupsRead).toEqual(['dg1', 'dg14', 'dg15', 'dg2'])
        expect(reading.value.groupsMissing).toMatchObject([{ group: 'dg13' }])
      },
    )

    it.each([
      ['secure-messaging-failed', { type: 'garbled-after', apdus: 4 }],
      ['not-an-identity-card', { type: 'not-an-identity-card' }],
      ['access-denied', { type: 'wrong-key' }],
    ] as const)('says %s for %o', async (expected, fault) => {
      await bench.insert(nguyenThiMau, [fault])
      expect(failureOf(await read())).toBe(expected)
    })

    it('says card-unresponsive when the chip falls silent, within its limit, and recovers', async () => {
      await bench.insert(nguyenThiMau, [{ type: 'silent-after', apdus: 5 }])
      const started = Date.now()
      expect(failureOf(await read())).toBe('card-unresponsive')
      expect(Date.now() - started).toBeLessThan(5_000)
      await bench.remove()
      await bench.insert(nguyenThiMau)
      expect(failureOf(await read())).toBe('read')
    })

    it('says cancelled at once, waiting or reading', async () => {
      const waiting = new AbortController()
      const waited = read(nguyenThiMau, { signal: waiting.signal, onProgress: () => waiting.abort() })
      expect(failureOf(await waited)).toBe('cancelled')
      await bench.insert(nguyenThiMau)
      const reading = new AbortController()
      const result = read(nguyenThiMau, {
        signal: reading.signal,
        onProgress: ({ step }) => step === 'reading-text' && reading.abort(),
      })
      expect(failureOf(await result)).toBe('cancelled')
      expect(failureOf(await read())).toBe('read')
      expect(failureOf(await read(nguyenThiMau, { signal: AbortSignal.abort() }))).toBe('cancelled')
    })

    it('takes two readings one after the other', async () => {
      await bench.insert(nguyenThiMau)
      const both = await Promise.all([read(), read()])
      expect(both.map(failureOf)).toEqual(['read', 'read'])
    })

    it('names a reader it does not have and a request it does not understand', async () => {
      const access = mrzAccessOf(nguyenThiMau)
      expect(failureOf(await bench.reader.read({ access, readerName: 'Nowhere' }))).toBe('no-such-reader')
      expect(failureOf(await bench.reader.read({ access: { ...access, birthDate: '1990' } }))).toBe('invalid-request')
    })

    it('reads again after the reader was unplugged and plugged in', async () => {
      await bench.insert(nguyenThiMau)
      expect(failureOf(await read())).toBe('read')
      await bench.unplug()
      const gone = await read()
      expect(['no-reader', 'no-such-reader', 'reader-removed', 'pcsc-service-unavailable']).toContain(failureOf(gone))
      await bench.plug()
      await bench.insert(nguyenThiMau)
      expect(failureOf(await read())).toBe('read')
    })
  })
}
