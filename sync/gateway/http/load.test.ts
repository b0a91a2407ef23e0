import { setTimeout as pause } from 'node:timers/promises'
import fc from 'fast-check'
import Fastify from 'fastify'
import { expect, it } from 'vitest'
import { comeAgainSeconds, limitLoad } from './load.ts'

it('turns away what is too much, and takes in again as soon as there is room', async () => {
  const app = Fastify()
  limitLoad(app, { mostAtOnce: 2, perSecond: 50, monotonicMs: () => 0, random: () => 1 })
  let open = () => {}
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  app.get('/v1/challenge', async () => {
    await gate
    return {}
  })
  app.get('/v1/updates', async () => ({}))
  app.post('/v1/token', async () => ({}))
  const held = [app.inject('/v1/challenge'), app.inject('/v1/challenge')]
  await pause(20)
  const away = await app.inject('/v1/challenge')
  expect([away.statusCode, away.headers['retry-after'], away.json().type]).toEqual([503, '2', 'busy'])
  expect((await app.inject('/v1/updates')).statusCode).toBe(200)
  expect((await app.inject({ method: 'POST', url: '/v1/token' })).statusCode).toBe(200)
  open()
  for (const answer of await Promise.all(held)) expect(answer.statusCode).toBe(200)
  expect((await app.inject('/v1/challenge')).statusCode).toBe(200)
  await app.close()
})

it('spreads a crowd over the time it takes, never further than some minutes', () => {
  fc.assert(
    fc.property(fc.nat(100_000), fc.double({ min: 0, max: 1, noNaN: true }), (recently, share) => {
      const seconds = comeAgainSeconds(recently, 50, () => share)
      expect(seconds).toBeGreaterThanOrEqual(2)
      expect(seconds).toBeLessThanOrEqual(Math.min(152, 3 + recently / 50))
    }),
    { seed: 3 },
  )
})
