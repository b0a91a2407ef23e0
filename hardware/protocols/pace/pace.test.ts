import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, fromHex, toHex } from '../bytes/bytes.ts'
import { encodeCommand } from '../iso7816/apdu.ts'
import { encodeTlv } from '../tlv/tlv.ts'
import { type PaceInfo, parseCardAccess } from './card-access.ts'
import { type CurvePoint, curveOfParameterId, decodePoint, encodePoint, integerOf } from './curves.ts'
import { beginPace, choosePaceInfo, type PaceStep, selectPace } from './pace.ts'
import { paceGroupOf } from './pace-groups.ts'
import { authenticationToken, decryptNonce, derivePaceKey, passwordSecret } from './pace-keys.ts'

/** Doc 9303-11 appendix G.1. */
const g1 = {
  cardAccess: '31143012060A04007F0007020204020202010202010D',
  mrz: { type: 'mrz', documentNumber: 'T22000129', birthDate: '640812', expiryDate: '101031' } as const,
  encryptedNonce: '95A3A016522EE98D01E76CB6B98B42C3',
  nonce: '3F00C4D39D153F2B2A214A078D899B22',
  terminalMappingPrivate: '7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99',
  terminalMapping:
    '047ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D',
  chipMapping:
    '04824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F5730D8C879AAA9C9F73991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C54',
  sharedPoint:
    '0460332EF2450B5D247EF6D3868397D398852ED6E8CAF6FFEEF6BF85CA57057FD50840CA7415BAF3E43BD414D35AA4608B93A2CAF3A4E3EA4E82C9C13D03EB7181',
  mappedGenerator:
    '048CED63C91426D4F0EB1435E7CB1D74A46723A0AF21C89634F65A9AE87A9265E28C879506743F8611AC33645C5B985C80B5F09A0B83407C1B6A4D857AE76FE522',
  terminalAgreementPrivate: 'A73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595',
  terminalAgreement:
    '042DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C3556F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB36462',
  chipAgreement:
    '049E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB7764B22277A2EDDC3C265A9F018F9CB852E111B768B326904B59A0193776F094',
  sharedSecret: '28768D20701247DAE81804C9E780EDE582A9996DB4A315020B2733197DB84925',
  encryptionKey: 'F5F0E35C0D7161EE6724EE513A0D9A7F',
  macKey: 'FE251C7858B356B24514B3BD5F4297D1',
  terminalToken: 'C2B0BD78D94BA866',
  chipToken: '3ABB9674BCE93C08',
}

const infoOf = (hex: string): PaceInfo => {
  const offered = parseCardAccess(fromHex(hex))
  const info = offered.ok ? choosePaceInfo(offered.value) : undefined
  if (info === undefined) throw new Error('no PACE')
  return info
}
const brainpool = curveOfParameterId(13)
if (brainpool === undefined) throw new Error('no curve 13')

const mapGenerically = (nonce: Uint8Array, shared: CurvePoint) => {
  const any = paceGroupOf('ecdh', 13)
  return any?.agreement === 'ecdh' ? any.group.mapped(nonce, shared) : undefined
}

/** The seed that gives this very private key: one less, for keys begin at 1. */
const seedOf = (privateKey: string): Uint8Array => fromHex((BigInt(`0x${privateKey}`) - 1n).toString(16).padStart(64, '0'))
const g1Random = { mappingSeed: seedOf(g1.terminalMappingPrivate), agreementSeed: seedOf(g1.terminalAgreementPrivate) }

const nextStep = (step: PaceStep, answer: string | Uint8Array): PaceStep => {
  const accepted = step.accept(typeof answer === 'string' ? fromHex(answer) : answer)
  if (!accepted.ok) throw new Error(accepted.error.type)
  if (!('step' in accepted.value)) throw new Error('ended')
  return accepted.value.step
}
const begin = (info: PaceInfo, random = g1Random): PaceStep => {
  const begun = beginPace(info, g1.mrz, random)
  if (!begun.ok) throw new Error(begun.error.type)
  return begun.value
}

describe('EF.CardAccess (Doc 9303-11 section 9.2)', () => {
  it('takes the file seen on Vietnamese cards: PACE-ECDH-GM-AES-CBC-CMAC-128 on brainpoolP256r1', () => {
    const file = '3134300d060804007f0007020202020101300f060a04007f000702020302020201013012060a04007f0007020204020202010202010d'
    expect(parseCardAccess(fromHex(file))).toEqual({
      ok: true,
      value: [
        {
          protocol: fromHex('04007F00070202040202'),
          agreement: 'ecdh',
          mapping: 'generic',
          cipher: 'aes-128',
          version: 2,
          parameterId: 13,
        },
      ],
    })
  })

  it('passes over what it cannot use, in the order of the chip', () => {
    const info = (oid: string, parameterId: number) =>
      encodeTlv(0x30, encodeTlv(0x06, fromHex(oid)), fromHex('020102'), encodeTlv(0x02, Uint8Array.of(parameterId)))
    const offered = parseCardAccess(
      concatBytes(
        encodeTlv(
          0x31,
          info('04007F00070202040102', 12), // DH over parameters of a curve
          info('04007F00070202040402', 10), // integrated mapping on NIST P-224
          info('04007F00070202040202', 19), // parameters of nobody
          info('04007F000702020402', 13), // explicit domain parameters, no PACEInfo
          info('04007F00070202040204', 12),
          info('04007F00070202040202', 13),
        ),
        new Uint8Array(20),
      ),
    )
    if (!offered.ok) throw new Error(offered.error.type)
    expect(offered.value.length).toBe(5)
    expect(choosePaceInfo(offered.value)).toMatchObject({ cipher: 'aes-256', parameterId: 12 })
    expect(choosePaceInfo(offered.value.slice(0, 3))).toBeUndefined()
  })

  it('any bytes give a Result', () => {
    const whole = fromHex(g1.cardAccess)
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80 }),
        fc.nat({ max: whole.length - 1 }),
        fc.nat({ max: 255 }),
        (bytes, at, byte) => {
          expect(typeof parseCardAccess(bytes).ok).toBe('boolean')
          const changed = parseCardAccess(whole.map((old, index) => (index === at ? byte : old)))
          if (changed.ok) choosePaceInfo(changed.value)
        },
      ),
      { seed: 9303, numRuns: 1000 },
    )
  })
})

describe('Doc 9303-11 appendix G.1: the worked example of PACE, generic mapping, ECDH', () => {
  const info = infoOf(g1.cardAccess)

  it('password: f(π) and Kπ of the MRZ', () => {
    expect(toHex(passwordSecret(g1.mrz))).toBe('7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD')
    expect(toHex(derivePaceKey('aes-128', passwordSecret(g1.mrz), 3))).toBe('89DED1B26624EC1E634C1989302849DD')
  })

  it('nonce: s = D(Kπ, z)', () => {
    const passwordKey = derivePaceKey('aes-128', passwordSecret(g1.mrz), 3)
    expect(toHex(decryptNonce('aes-128', passwordKey, fromHex(g1.encryptedNonce)))).toBe(g1.nonce)
  })

  it('mapping: H, and the generator made of it', () => {
    const chip = decodePoint(brainpool, fromHex(g1.chipMapping))
    const shared = chip?.multiply(integerOf(fromHex(g1.terminalMappingPrivate)))
    if (shared === undefined) throw new Error('no point')
    expect(toHex(encodePoint(shared))).toBe(g1.sharedPoint)
    const mapped = mapGenerically(fromHex(g1.nonce), shared)
    expect(mapped && toHex(encodePoint(mapped))).toBe(g1.mappedGenerator)
  })

  it('key agreement: K, the session keys and both tokens', () => {
    const shared = decodePoint(brainpool, fromHex(g1.chipAgreement))?.multiply(integerOf(fromHex(g1.terminalAgreementPrivate)))
    if (shared === undefined) throw new Error('no point')
    const secret = encodePoint(shared).slice(1, 33)
    expect(toHex(secret)).toBe(g1.sharedSecret)
    expect(toHex(derivePaceKey('aes-128', secret, 1))).toBe(g1.encryptionKey)
    expect(toHex(derivePaceKey('aes-128', secret, 2))).toBe(g1.macKey)
    const token = (key: string) => toHex(authenticationToken('aes-128', fromHex(g1.macKey), info.protocol, 0x86, fromHex(key)))
    expect(token(g1.chipAgreement)).toBe(g1.terminalToken)
    expect(token(g1.terminalAgreement)).toBe(g1.chipToken)
  })

  it('every command of the example, byte for byte, and the channel at its end', () => {
    expect(toHex(encodeCommand(selectPace(info, g1.mrz, false)))).toBe('0022C1A40F800A04007F00070202040202830101')
    const nonce = begin(info)
    expect(toHex(encodeCommand(nonce.command))).toBe('10860000027C0000')
    const mapping = nextStep(nonce, `7C128010${g1.encryptedNonce}`)
    expect(toHex(encodeCommand(mapping.command))).toBe(`10860000457C438141${g1.terminalMapping}00`)
    const agreement = nextStep(mapping, `7C438241${g1.chipMapping}`)
    expect(toHex(encodeCommand(agreement.command))).toBe(`10860000457C438341${g1.terminalAgreement}00`)
    const token = nextStep(agreement, `7C438441${g1.chipAgreement}`)
    expect(toHex(encodeCommand(token.command))).toBe(`008600000C7C0A8508${g1.terminalToken}00`)
    const opened = token.accept(fromHex(`7C0A8608${g1.chipToken}`))
    if (!opened.ok || !('channel' in opened.value)) throw new Error('not opened')
    expect(toHex(opened.value.channel.sendSequenceCounter)).toBe('00'.repeat(16))
  })
})

it('MSE:Set AT names the CAN, and the parameters where asked', () => {
  const command = selectPace(infoOf(g1.cardAccess), { type: 'can', can: '190017' }, true)
  expect(toHex(encodeCommand(command))).toBe('0022C1A412800A04007F0007020204020283010284010D')
})

it('Kπ of the CAN follows from its six digits alone, with a length for each cipher', () => {
  const lengths = (['3des', 'aes-128', 'aes-192', 'aes-256'] as const).map(
    (cipher) => derivePaceKey(cipher, passwordSecret({ type: 'can', can: '190017' }), 3).length,
  )
  expect(lengths).toEqual([16, 16, 24, 32])
  expect(toHex(passwordSecret({ type: 'can', can: '190017' }))).toBe('313930303137')
})

describe('what PACE refuses', () => {
  const info = infoOf(g1.cardAccess)
  const mapping = () => nextStep(begin(info), `7C128010${g1.encryptedNonce}`)
  const agreement = () => nextStep(mapping(), `7C438241${g1.chipMapping}`)
  const token = () => nextStep(agreement(), `7C438441${g1.chipAgreement}`)
  const failureOf = (step: PaceStep, answer: string) => {
    const accepted = step.accept(fromHex(answer))
    return accepted.ok ? 'accepted' : accepted.error.type
  }

  it('its own keys back', () => {
    expect(failureOf(mapping(), `7C438241${g1.terminalMapping}`)).toBe('pace-key-repeated')
    expect(failureOf(agreement(), `7C438441${g1.terminalAgreement}`)).toBe('pace-key-repeated')
  })

  it('a point beside the curve, infinity, a compressed point, a point of another curve', () => {
    const beside = `${g1.chipMapping.slice(0, -1)}5`
    expect(failureOf(mapping(), `7C438241${beside}`)).toBe('pace-point-invalid')
    expect(failureOf(mapping(), '7C03820100')).toBe('pace-point-invalid')
    expect(failureOf(mapping(), `7C238221${`02${g1.chipMapping.slice(2, 66)}`}`)).toBe('pace-point-invalid')
    const p256 = curveOfParameterId(12)
    if (p256 === undefined) throw new Error('no curve 12')
    expect(failureOf(mapping(), `7C438241${toHex(encodePoint(p256.generator))}`)).toBe('pace-point-invalid')
  })

  it('a wrong token, or its own', () => {
    expect(failureOf(token(), '7C0A86083ABB9674BCE93C09')).toBe('pace-token-wrong')
    expect(failureOf(token(), `7C0A8608${g1.terminalToken}`)).toBe('pace-token-wrong')
    expect(failureOf(token(), '7C028600')).toBe('pace-token-wrong')
  })

  it('a nonce of no whole block, an answer without its object', () => {
    expect(failureOf(begin(info), `7C11800F${g1.encryptedNonce.slice(2)}`)).toBe('pace-answer-malformed')
    expect(failureOf(begin(info), '7C028000')).toBe('pace-answer-malformed')
    expect(failureOf(begin(info), '')).toBe('pace-answer-malformed')
  })

  it('parameters it does not have', () => {
    expect(beginPace({ ...info, parameterId: 19 }, g1.mrz, g1Random)).toMatchObject({ error: { type: 'pace-not-supported' } })
    expect(beginPace({ ...info, mapping: 'integrated', parameterId: 10 }, g1.mrz, g1Random)).toMatchObject({ ok: false })
  })

  it('any bytes at any step, without throwing', () => {
    const steps = [begin(info), mapping(), agreement(), token()]
    fc.assert(
      fc.property(
        fc.constantFrom(...steps),
        fc.oneof(
          fc.uint8Array({ maxLength: 90 }),
          fc
            .tuple(fc.constantFrom(0x80, 0x82, 0x84, 0x86), fc.uint8Array({ maxLength: 80 }))
            .map(([tag, value]) => encodeTlv(0x7c, encodeTlv(tag, value))),
        ),
        (step, bytes) => {
          const accepted = step.accept(bytes)
          if (accepted.ok) expect(step.name).toBe('nonce')
        },
      ),
      { seed: 9303, numRuns: 600 },
    )
  })
})

it('a nonce that is a multiple of the order still maps', () => {
  const shared = brainpool.generator.multiply(7n)
  expect(mapGenerically(new Uint8Array(16), shared)?.equals(shared)).toBe(true)
  expect(mapGenerically(Uint8Array.of(7), shared.negate())).toBeUndefined()
})
