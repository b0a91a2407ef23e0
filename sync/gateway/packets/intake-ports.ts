/** What intake and completion need of the world beside the store of packets: keys, files, and who is speaking. */
import type { PublicKeyJwk } from '../../../contracts/encoding.ts'
import type { Packet } from '../../../contracts/packet.ts'
import type { Result } from '../../../contracts/result.ts'
import type { OpenedPacket, PacketFault } from '../../packet/packet-codec.ts'

/** The station which sends; it has been authenticated. */
export type PacketSender = { stationId: string; demo: boolean; deviceKey: PublicKeyJwk }

export type PacketSeals = {
  digest(packet: Packet): Promise<string>
  isSignedBy(packet: Packet, deviceKey: PublicKeyJwk): Promise<boolean>
  open(packet: Packet): Promise<Result<Pick<OpenedPacket, 'payload' | 'dataKey'>, PacketFault>>
}

/** Sealed attachments on disk. No byte counts before it is synced. */
export type AttachmentFiles = {
  /** Bytes on disk, synced; undefined when the upload was not created yet. */
  durableSize(name: { packetId: string; attachmentId: string }): Promise<number | undefined>
  /** All of it at once: whole and synced when resolved, in the place of whatever was there. */
  write(name: { packetId: string; attachmentId: string }, bytes: Uint8Array): Promise<void>
  read(name: { packetId: string; attachmentId: string }): Promise<Uint8Array>
  remove(name: { packetId: string; attachmentId: string }): Promise<void>
}
