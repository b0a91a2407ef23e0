/**
 * The gateway's disk: a store of packets in memory, written after PostgreSQL's, and sealed files whose unsynced bytes a
 * power cut takes away.
 */
import type { PacketContent } from '../../contracts/dossier-events.ts'
import type { AgencyStatus, OfficialCode } from '../../contracts/gateway-api.ts'
import type { Packet, PacketHeader } from '../../contracts/packet.ts'
import type { SupplementNotice } from '../../contracts/supplement.ts'
import { changedElsewhere, type DossierState, withSupplement } from '../../sync/gateway/packets/dossier-state.ts'
import {
  dossierIdOf,
  type NewPacket,
  type PacketStore,
  type StoredAnswer,
  type StoredRecord,
  type StoredState,
  type StoreOutcome,
  sequenceOf,
} from '../../sync/gateway/packets/packet-store.ts'
import type { Refusal } from '../../sync/gateway/problem.ts'
import type { PlantedBug } from './planted-bugs.ts'

export type PacketRow = {
  packetId: string
  stationId: string
  counter: number
  dossierId: string
  sequence: number
  digest: string
  header: PacketHeader
  packet: Packet
  content: PacketContent
  state: StoredState
  /** In the order of their receipts. */
  receivedOrder?: number
  receipt?: string
  official?: OfficialCode
  status?: AgencyStatus
}
export type RequestRow = { requestId: string; dossierId: string; submitPacketId: string; stationId: string; answered: boolean }
/** What a supplement put in the place of what. */
export type Overwritten = { packetId: string; field: string; before: string }
type AttachmentRow = { packetId: string; attachmentId: string; sealedSize: number; whole: boolean }
type Job = { packetId: string; attempts: number; nextAt: number; done: boolean }

export type GatewayTables = {
  packets: PacketRow[]
  attachments: AttachmentRow[]
  dossiers: Map<string, DossierState>
  takenBack: Set<string>
  updates: Map<string, string[]>
  jobs: Map<string, Job>
  /** Of agencies, in the order they were asked. */
  requests: Map<string, RequestRow>
  overwritten: Overwritten[]
  received: number
}

export const createGatewayTables = (): GatewayTables => ({
  packets: [],
  attachments: [],
  dossiers: new Map(),
  takenBack: new Set(),
  updates: new Map(),
  jobs: new Map(),
  requests: new Map(),
  overwritten: [],
  received: 0,
})

/** Runs one transaction: takes its time, may be the end of the process. */
export type Transact = <T>(work: (tables: GatewayTables) => T) => Promise<T>

const tombstone = (packetId: string, stationId: string) => `${packetId} ${stationId}`

const judgeEvent = (
  tables: GatewayTables,
  { header, content, check }: NewPacket,
  bug: PlantedBug | undefined,
): Refusal | undefined => {
  const dossierId = dossierIdOf(header, content)
  const state = tables.dossiers.get(dossierId)
  if (state === undefined) return { type: 'event-out-of-order', detail: 'the dossier is not here yet' }
  if (state.withdrawn) return { type: 'changed-elsewhere', detail: 'the dossier was withdrawn' }
  const others = tables.packets.filter((row) => row.dossierId === dossierId)
  const previous = header.event?.previous
  if (previous !== undefined && !tables.takenBack.has(tombstone(previous, header.stationId))) {
    const row = others.find(({ packetId }) => packetId === previous)
    if (row === undefined || row.state === 'waiting-for-attachments')
      return { type: 'event-out-of-order', detail: 'the event before this one is not here yet' }
  }
  if (content.kind !== 'supplement') return undefined
  let { dossier } = state
  for (const other of others) {
    if (other.state === 'waiting-for-attachments' && other.content.kind === 'supplement')
      dossier = withSupplement({ dossier, revision: 0, withdrawn: false }, other.content.supplement).dossier
  }
  const changed = changedElsewhere(dossier, content.supplement)
  if (changed.length > 0 && bug !== 'correction-overwritten')
    return { type: 'changed-elsewhere', findings: [{ fields: changed, message: { vi: 'đã sửa ở nơi khác' } }] }
  return check(withSupplement({ dossier, revision: 0, withdrawn: false }, content.supplement).dossier)
}

export const noticeOf = (tables: GatewayTables, submitPacketId: string): SupplementNotice | undefined => {
  const last = [...tables.requests.values()].findLast((one) => one.submitPacketId === submitPacketId)
  return (
    last && {
      requestId: last.requestId,
      state: last.answered ? 'answered' : 'open',
      askedAt: '2026-11-22T00:00:00.000Z',
      simulated: true,
    }
  )
}

const noticed = (tables: GatewayTables, packetId: string) => {
  const supplement = noticeOf(tables, packetId)
  return supplement === undefined ? {} : { supplement }
}

const recordOf = ({ header, content, ...row }: PacketRow, packets: readonly PacketRow[]): StoredRecord => {
  const said =
    content.kind === 'submit' ? content.dossier : content.kind === 'supplement' ? content.supplement : content.withdrawal
  const submit = packets.find((one) => one.dossierId === row.dossierId && one.content.kind === 'submit')
  return {
    packetId: row.packetId,
    counter: row.counter,
    packetDigest: row.digest,
    attachments: header.attachments,
    dossierId: row.dossierId,
    kind: header.kind,
    sequence: row.sequence,
    ...(submit === undefined || content.kind === 'submit' ? {} : { submitPacketId: submit.packetId }),
    ...('requestId' in said && said.requestId !== undefined ? { requestId: said.requestId } : {}),
    procedureCode: header.procedureCode,
    procedureVersion: header.procedureVersion,
    training: header.training,
    slipCode: said.slipCode,
    operatorId: said.helper.operatorId,
    sealedAt: header.sealedAt,
  }
}

export const createMemoryPacketStore = (transact: Transact, bug?: PlantedBug): PacketStore => {
  const update = (tables: GatewayTables, stationId: string, packetId: string) => {
    tables.updates.set(stationId, [...(tables.updates.get(stationId) ?? []), packetId])
  }
  const replace = (tables: GatewayTables, packetId: string, change: Partial<PacketRow>) => {
    tables.packets = tables.packets.map((row) => (row.packetId === packetId ? { ...row, ...change } : row))
  }
  const find = (tables: GatewayTables, packetId: string) => tables.packets.find((row) => row.packetId === packetId)
  const openOf = (tables: GatewayTables, packetId: string) =>
    tables.attachments.filter((row) => row.packetId === packetId && !row.whole)

  const applyToDossier = (tables: GatewayTables, { content, dossierId, packetId }: PacketRow) => {
    const state = tables.dossiers.get(dossierId)
    if (content.kind === 'supplement')
      for (const [field, { value }] of Object.entries(content.supplement.answers)) {
        const before = state?.dossier.answers[field]?.value ?? ''
        // Two who say the same put nothing over each other's words.
        if (before !== value) tables.overwritten.push({ packetId, field, before })
      }
    if (content.kind === 'submit') tables.dossiers.set(dossierId, { dossier: content.dossier, revision: 1, withdrawn: false })
    else if (state !== undefined)
      tables.dossiers.set(
        dossierId,
        content.kind === 'withdraw' ? { ...state, withdrawn: true } : withSupplement(state, content.supplement),
      )
  }

  const receive = (tables: GatewayTables, row: PacketRow, receipt: string, at: Date) => {
    tables.received += 1
    replace(tables, row.packetId, { state: 'received', receipt, receivedOrder: tables.received })
    applyToDossier(tables, row)
    tables.jobs.set(row.packetId, { packetId: row.packetId, attempts: 0, nextAt: at.getTime(), done: false })
    update(tables, row.stationId, row.packetId)
    const requestId = row.content.kind === 'supplement' ? row.content.supplement.requestId : undefined
    const request = requestId === undefined ? undefined : tables.requests.get(requestId)
    if (request === undefined || request.answered) return
    tables.requests.set(request.requestId, { ...request, answered: true })
    update(tables, request.stationId, request.submitPacketId)
  }

  const store = (tables: GatewayTables, fresh: NewPacket): StoreOutcome => {
    const { header, packet, digest, content } = fresh
    if (tables.takenBack.has(tombstone(header.packetId, header.stationId)))
      return { type: 'refused', refusal: { type: 'taken-back' } }
    const dossierId = dossierIdOf(header, content)
    const sequence = sequenceOf(header)
    const inTheWay = tables.packets.some(
      (row) =>
        row.packetId === header.packetId ||
        (row.stationId === header.stationId && row.counter === header.counter) ||
        (row.dossierId === dossierId && row.sequence === sequence && (sequence === 1 || row.stationId === header.stationId)),
    )
    if (content.kind !== 'submit' && bug !== 'supplement-overtakes') {
      const refusal = judgeEvent(tables, fresh, bug)
      if (refusal !== undefined)
        return find(tables, header.packetId) === undefined ? { type: 'refused', refusal } : { type: 'in-the-way' }
    }
    if (inTheWay && bug !== 'no-unique') return { type: 'in-the-way' }
    tables.packets = [
      ...tables.packets,
      {
        packetId: header.packetId,
        stationId: header.stationId,
        counter: header.counter,
        dossierId,
        sequence,
        digest,
        header,
        packet,
        content,
        state: 'waiting-for-attachments',
      },
    ]
    tables.attachments = [
      ...tables.attachments,
      ...header.attachments.map(({ attachmentId, sealedSize }) => ({
        packetId: header.packetId,
        attachmentId,
        sealedSize,
        whole: fresh.receipt !== undefined,
      })),
    ]
    const row = find(tables, header.packetId)
    if (fresh.receipt !== undefined && row !== undefined) receive(tables, row, fresh.receipt, fresh.at)
    return { type: 'stored' }
  }

  const finishable = (tables: GatewayTables, packetId: string) => {
    const row = find(tables, packetId)
    return row?.state === 'waiting-for-attachments' && openOf(tables, packetId).length === 0 ? row : undefined
  }

  return {
    find: (packetId) =>
      transact((tables) => {
        const row = find(tables, packetId)
        return row && { stationId: row.stationId, digest: row.digest, state: row.state }
      }),
    read: (packetId) =>
      transact((tables) => {
        const row = find(tables, packetId)
        if (row === undefined) return undefined
        const { stationId, digest, state, header, packet, content } = row
        return { stationId, digest, state, header, packet, content }
      }),
    store: (fresh) => transact((tables) => store(tables, fresh)),
    openAttachments: (packetId) =>
      transact((tables) => openOf(tables, packetId).map(({ attachmentId, sealedSize }) => ({ attachmentId, sealedSize }))),
    announced: (packetId, attachmentId) =>
      transact((tables) => {
        const row = tables.attachments.find((one) => one.packetId === packetId && one.attachmentId === attachmentId)
        const packet = find(tables, packetId)
        return row && packet && { stationId: packet.stationId, sealedSize: row.sealedSize }
      }),
    markWhole: (packetId, attachmentId) =>
      transact((tables) => {
        tables.attachments = tables.attachments.map((row) =>
          row.packetId === packetId && row.attachmentId === attachmentId ? { ...row, whole: true } : row,
        )
      }),
    finish: async (packetId, sign, at) => {
      const candidate = await transact((tables) => finishable(tables, packetId))
      if (candidate === undefined) return false
      const receipt = await sign({
        packetId,
        stationId: candidate.stationId,
        counter: candidate.counter,
        packetDigest: candidate.digest,
        attachments: candidate.header.attachments,
        receivedAt: at.toISOString(),
      })
      return transact((tables) => {
        const row = finishable(tables, packetId)
        if (row === undefined) return false
        receive(tables, row, receipt, at)
        return true
      })
    },
    takeBack: (packetId, stationId) =>
      transact((tables) => {
        const row = find(tables, packetId)
        if (row !== undefined && row.stationId !== stationId) return { type: 'foreign' }
        if (row !== undefined && row.state !== 'waiting-for-attachments') return { type: 'too-late' }
        if (bug !== 'recall-not-durable') tables.takenBack.add(tombstone(packetId, stationId))
        const begun = tables.attachments.filter((one) => one.packetId === packetId).map(({ attachmentId }) => attachmentId)
        tables.attachments = tables.attachments.filter((one) => one.packetId !== packetId)
        tables.packets = tables.packets.filter((one) => one.packetId !== packetId)
        return { type: 'taken-back', attachments: begun }
      }),
    isTakenBack: (packetId, stationId) => transact((tables) => tables.takenBack.has(tombstone(packetId, stationId))),
    waiting: () =>
      transact((tables) =>
        tables.packets.filter(({ state }) => state === 'waiting-for-attachments').map(({ packetId }) => packetId),
      ),
    answers: (packetIds) =>
      transact((tables) => {
        const answers = new Map<string, StoredAnswer>()
        for (const packetId of packetIds) {
          const row = find(tables, packetId)
          if (row === undefined) continue
          answers.set(packetId, {
            packetId,
            state: row.state,
            open:
              row.receipt === undefined
                ? openOf(tables, packetId)
                    .map(({ attachmentId }) => attachmentId)
                    .toSorted()
                : [],
            ...(row.receipt === undefined ? {} : { receipt: row.receipt }),
            ...(row.official === undefined ? {} : { official: row.official }),
            ...(row.status === undefined ? {} : { status: row.status }),
            ...noticed(tables, packetId),
          })
        }
        return answers
      }),
    updatesAfter: (stationId, after, limit) =>
      transact((tables) =>
        (tables.updates.get(stationId) ?? [])
          .map((packetId, index) => ({ cursor: index + 1, packetId }))
          .filter(({ cursor }) => cursor > after)
          .slice(0, limit),
      ),
    recordsAfter: (stationId, after, limit) =>
      transact((tables) =>
        tables.packets
          .filter((row) => row.stationId === stationId && row.counter > after)
          .toSorted((a, b) => a.counter - b.counter)
          .slice(0, limit)
          .map((row) => recordOf(row, tables.packets)),
      ),
    highestCounter: (stationId) =>
      transact((tables) =>
        tables.packets.reduce((highest, row) => (row.stationId === stationId ? Math.max(highest, row.counter) : highest), 0),
      ),
    claimJobs: (limit, now, until) =>
      transact((tables) => {
        const open = [...tables.jobs.values()].filter(({ done }) => !done)
        const orderOf = (packetId: string) => find(tables, packetId)?.receivedOrder ?? 0
        const dossierOf = (packetId: string) => find(tables, packetId)?.dossierId
        const due = open
          .filter(({ nextAt }) => nextAt <= now.getTime())
          .filter(({ packetId }) =>
            open.every(
              (other) => dossierOf(other.packetId) !== dossierOf(packetId) || orderOf(other.packetId) >= orderOf(packetId),
            ),
          )
          .toSorted((a, b) => a.nextAt - b.nextAt)
          .slice(0, limit)
        return due.map((job) => {
          const claimed = { ...job, attempts: job.attempts + 1, nextAt: until.getTime() }
          tables.jobs.set(job.packetId, claimed)
          return { packetId: claimed.packetId, attempts: claimed.attempts }
        })
      }),
    concludeJob: (packetId, outcome) =>
      transact((tables) => {
        const row = find(tables, packetId)
        const job = tables.jobs.get(packetId)
        if (row === undefined || job === undefined) throw new Error('A job without a packet')
        tables.jobs.set(packetId, { ...job, done: true })
        if (row.state !== 'received') return undefined
        replace(tables, packetId, outcome)
        const submit = tables.packets.find((other) => other.dossierId === row.dossierId && other.content.kind === 'submit')
        if (row.content.kind !== 'submit' && submit !== undefined) {
          replace(tables, submit.packetId, { status: outcome.status })
          update(tables, submit.stationId, submit.packetId)
        }
        update(tables, row.stationId, packetId)
        return row.stationId
      }),
    putOffJob: (packetId, _failure, until) =>
      transact((tables) => {
        const job = tables.jobs.get(packetId)
        if (job !== undefined && !job.done) tables.jobs.set(packetId, { ...job, nextAt: until.getTime() })
      }),
    bringJobsForward: (now) =>
      transact((tables) => {
        for (const job of tables.jobs.values())
          if (!job.done && job.nextAt > now.getTime()) tables.jobs.set(job.packetId, { ...job, nextAt: now.getTime() })
      }),
  }
}

/** `synced`: how much of it a power cut leaves. */
export type FileOnDisk = { bytes: Uint8Array; synced: number }
export type GatewayFiles = Map<string, FileOnDisk>

export const fileName = ({ packetId, attachmentId }: { packetId: string; attachmentId: string }) => `${packetId}.${attachmentId}`

export const cutFiles = (files: GatewayFiles): void => {
  for (const [name, file] of files) files.set(name, { bytes: file.bytes.slice(0, file.synced), synced: file.synced })
}
