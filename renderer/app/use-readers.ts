import { useCallback, useEffect, useState } from 'react'
import type { CardFailure, ReaderStatus } from '../../contracts/card.ts'
import type { StationApi } from '../../contracts/station-api.ts'

export type Readers = { list: ReaderStatus[]; failure: CardFailure | null; refresh: () => void }

export const useReaders = (station: StationApi): Readers => {
  const [list, setList] = useState<ReaderStatus[]>([])
  const [failure, setFailure] = useState<CardFailure | null>(null)
  const refresh = useCallback(() => {
    void station.call('listReaders', {}).then((answer) => {
      if (!answer.ok) return
      setFailure(answer.value.ok ? null : answer.value.error)
      setList(answer.value.ok ? answer.value.value : [])
    })
  }, [station])
  useEffect(() => {
    refresh()
    return station.onEvent((event) => {
      if (event.type === 'readers') {
        setFailure(null)
        setList(event.readers)
      }
    })
  }, [station, refresh])
  return { list, failure, refresh }
}
