/** The page's side of workbox-background-sync: everything is done by the service worker, where that library lives. */
import type { PageBench } from '../page-bench.ts'
import { publish } from './publish.ts'

const ask = async <T>(call: string, argument: unknown, onProgress?: (acknowledged: number) => void): Promise<T> => {
  const { active } = await navigator.serviceWorker.ready
  if (active === null) throw new Error('no service worker')
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = ({ data }: MessageEvent<{ acknowledged?: number; result?: T; error?: string }>) => {
      if (data.acknowledged !== undefined) onProgress?.(data.acknowledged)
      else if (data.error !== undefined) reject(new Error(data.error))
      else resolve(data.result as T)
    }
    active.postMessage({ call, argument }, [port2])
  })
}

const bench: PageBench = {
  acknowledged: 0,
  async open(workload) {
    // A power cut can leave the registration without its script: then it is fetched anew under another address.
    await navigator.serviceWorker
      .register('workbox-worker.js')
      .catch(() => navigator.serviceWorker.register(`workbox-worker.js?again=${Date.now()}`))
    await ask('open', workload)
  },
  async enqueue(first, count) {
    const times: number[] = []
    // A service worker is ended after 5 minutes with one message: many small ones.
    for (let at = first; at < first + count; at += 50) {
      const before = bench.acknowledged
      const some = await ask<number[]>('enqueue', [at, Math.min(50, first + count - at)], (acknowledged) => {
        bench.acknowledged = before + acknowledged
      })
      times.push(...some)
    }
    return times
  },
  startDraining: (serverUrl) => ask('drain', serverUrl),
  left: () => ask('left', undefined),
  intact: () => ask('intact', undefined),
}
publish(bench)
