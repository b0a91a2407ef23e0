/** Hash functions of Doc 9303-12 section 4.4.3, by name and by object identifier. SHA-1 stands for the documents that were issued with it. */
import { createHash } from 'node:crypto'

export type HashName = 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512'

const hashByOid: Readonly<Record<string, HashName>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}

export const hashNames: readonly HashName[] = ['sha256', 'sha384', 'sha512', 'sha224', 'sha1']

export const hashOfOid = (oid: string): HashName | undefined => hashByOid[oid]

export const hashOidOf = (name: HashName): string => Object.entries(hashByOid).find(([, each]) => each === name)?.[0] ?? ''

export const hash = (name: HashName, bytes: Uint8Array): Uint8Array => Uint8Array.from(createHash(name).update(bytes).digest())
