/** What journeys have in common: coming to work, beginning a dossier, the agency's desk. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, type Page } from '@playwright/test'
import type { Procedure } from '../../../contracts/procedure.ts'
import { specimens as people } from '../../../hardware/simulators/specimens.ts'
import { findProcedure } from '../../../procedures/catalogue.ts'
import { type SpecimenDossier, specimens } from '../../../procedures/specimens.ts'
import * as clerk from '../../fixtures/clerk.ts'
import type { Installation, InstallationOptions } from '../../fixtures/kiosk.ts'

export type Look = (page: Page, name: string) => Promise<void>
export type Journey = { options?: InstallationOptions; work: (installation: Installation, look: Look) => Promise<void> }

export const desk = async ({ folder }: Installation, ...words: string[]): Promise<string> => {
  const args = ['sync/gateway/commands.ts', ...words, '--data', join(folder, 'gateway')]
  return (await promisify(execFile)(process.execPath, args)).stdout
}

export const atWork = async (installation: Installation, options?: Parameters<Installation['openBrowser']>[1]): Promise<Page> => {
  const { page } = await installation.openBrowser('browser', options)
  await clerk.createOperator(page)
  await clerk.signIn(page)
  return page
}

export const dossierOf = (path: string): SpecimenDossier & { procedure: Procedure } => {
  const specimen = specimens[path]
  const procedure = specimen && findProcedure(specimen.procedureCode, specimen.procedureVersion)
  if (specimen === undefined || procedure === undefined) throw new Error(`no specimen ${path}`)
  return { ...specimen, procedure }
}

export const begin = async (page: Page, words: string): Promise<void> => {
  await page.keyboard.press('Control+k')
  await page.getByLabel('Tìm thủ tục').fill(words, clerk.mayTakeLong)
  await page
    .getByRole('button', { name: /Làm hồ sơ mới/ })
    .first()
    .click()
  await page.getByTestId('wizard').waitFor(clerk.mayTakeLong)
}

/** Every step of a specimen, filled and looked at. */
export const throughSteps = async (page: Page, look: Look, name: string, path: string): Promise<void> => {
  const { procedure, answers } = dossierOf(path)
  await begin(page, procedure.code)
  for (const step of procedure.steps) {
    await clerk.fillStepOf(page, procedure, step.id, answers)
    await look(page, `${name}-${step.id}`)
    await clerk.next(page)
  }
}

export const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name }).first().click(clerk.mayTakeLong)
export const shut = async (page: Page): Promise<void> => {
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
}
export const entryIn = (page: Page, state: string) => page.locator(`[data-testid="outbox-entry"][data-state="${state}"]`)

export const putCard = async (page: Page, at: number): Promise<void> => {
  await page.keyboard.press('F4')
  await clerk.tryCard(page, people[at]?.personalNumber ?? '')
}
