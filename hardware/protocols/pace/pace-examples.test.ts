/** The worked examples of Doc 9303-11 beside appendix G.1 (`pace.test.ts`), command for command and answer for answer. */
import { describe, expect, it } from 'vitest'
import { concatBytes, fromHex, toHex } from '../bytes/bytes.ts'
import { chipAuthenticationOf } from '../chip-authentication/chip-authentication-infos.ts'
import { encodeCommand } from '../iso7816/apdu.ts'
import { createAesChannel } from '../secure-messaging/aes-channel.ts'
import { encodeTlv } from '../tlv/tlv.ts'
import { parseCardAccess } from './card-access.ts'
import { seedLength } from './curves.ts'
import { dhGroupOfParameterId, encodeElement, modularPower } from './dh-groups.ts'
import { pseudoRandomNumber } from './integrated-mapping.ts'
import { isMappedBy } from './mapping-check.ts'
import { beginPace, choosePaceInfo, type PaceOpened, selectPace } from './pace.ts'
import { paceGroupOf } from './pace-groups.ts'
import { decryptNonce, derivePaceKey, type PacePassword, passwordSecret } from './pace-keys.ts'

const infoOf = (protocol: string, parameterId: number) => {
  const info = encodeTlv(0x30, encodeTlv(0x06, fromHex(protocol)), fromHex('020102'), encodeTlv(0x02, Uint8Array.of(parameterId)))
  const offered = parseCardAccess(encodeTlv(0x31, info))
  const chosen = offered.ok ? choosePaceInfo(offered.value) : undefined
  if (chosen === undefined) throw new Error('no PACE')
  return chosen
}

/** The seed that gives this private key, or its like modulo the order. */
const seedOf = (privateKey: string, order?: bigint): Uint8Array => {
  const key = BigInt(`0x${privateKey}`)
  const seed = (order === undefined ? key : key % order) - 1n
  return fromHex(seed.toString(16).padStart(seedLength * 2, '0'))
}
const orderOf = (parameterId: number): bigint => dhGroupOfParameterId(parameterId)?.order ?? 0n

type Example = {
  protocol: string
  parameterId: number
  password: PacePassword
  mappingSeed: Uint8Array
  agreementSeed: Uint8Array
  /** MSE:Set AT: the protocol, and whose password it is (section 4.4.4.1). */
  selection: string
  /** Commands and the chip's answers. */
  exchanges: readonly (readonly [command: string, answer: string])[]
}

/** Every command as the example has it; what PACE ends with. */
const play = (example: Example): PaceOpened => {
  const info = infoOf(example.protocol, example.parameterId)
  expect(toHex(encodeCommand(selectPace(info, example.password, false)))).toBe(example.selection)
  const begun = beginPace(info, example.password, example)
  if (!begun.ok) throw new Error(begun.error.type)
  let step = begun.value
  for (const [command, answer] of example.exchanges) {
    expect(toHex(encodeCommand(step.command))).toBe(command)
    const accepted = step.accept(fromHex(answer))
    if (!accepted.ok) throw new Error(accepted.error.type)
    if ('channel' in accepted.value) return accepted.value
    step = accepted.value.step
  }
  throw new Error('the example did not end')
}

/** The session's keys, known by what they make. */
const channelKeys = (opened: PaceOpened) => {
  const counter = new Uint8Array(16)
  return { mac: toHex(opened.channel.cipher.mac(counter)), cipher: toHex(opened.channel.cipher.encrypt(counter, counter)) }
}

describe('appendix G.2: generic mapping, DH, 1024-bit MODP with a subgroup of 160 bits', () => {
  const password = { type: 'mrz', documentNumber: 'T22000129', birthDate: '640812', expiryDate: '101031' } as const
  const mapping =
    '23FB3749EA030D2A25B278D2A562047ADE3F01B74F17A15402CB7352CA7D2B3EB71C343DB13D1DEBCE9A3666DBCFC920B49174A602CB47965CAA73DC702489A4' +
    '4D41DB914DE9613DC5E98C94160551C0DF86274B9359BC0490D01B03AD54022DCB4F57FAD6322497D7A1E28D46710F461AFE710FBBBC5F8BA166F4311975EC6C'
  const chipMapping =
    '78879F57225AA8080D52ED0FC890A4B25336F699AA89A2D3A189654AF70729E623EA5738B26381E4DA19E004706FACE7B235C2DBF2F38748312F3C98C2DD4882' +
    'A41947B324AA1259AC22579DB93F7085655AF30889DBB845D9E6783FE42C9F2449400306254C8AE8EE9DD812A804C0B66E8CAFC14F84D8258950A91B44126EE6'
  const agreement =
    '907D89E2D425A178AA81AF4A7774EC8E388C115CAE67031E85EECE520BD911551B9AE4D04369F29A02626C86FBC6747CC7BC352645B6161A2A42D44EDA80A08F' +
    'A8D61B76D3A154AD8A5A51786B0BC07147057871A922212C5F67F43173172236B7747D1671E6D692A3C7D40A0C3C5CE397545D015C175EB5130551EDBC2EE5D4'
  const chipAgreement =
    '075693D9AE941877573E634B6E644F8E60AF17A0076B8B123D9201074D36152BD8B3A213F53820C42ADC79AB5D0AEEC3AEFB91394DA476BD97B9B14D0A65C1FC' +
    '71A0E019CB08AF55E1F729005FBA7E3FA5DC41899238A250767A6D46DB974064386CD456743585F8E5D90CC8B4004B1F6D866C79CE0584E49687FF61BC29AEA1'
  const mapped =
    '7C9CBFE98F9FBDDA8D143506FA7D9306F4CB17E3C71707AFF5E1C1A12370249684D64EE37AF44B8DBD9D45BF6023919CBAA027AB97ACC771666C8E98FF483301' +
    'BFA4872DEDE9034EDFACB70814166B7F360676829B826BEA57291B5AD69FBC84EF1E779032A305803F74341793E869742D401325B37EE8565FFCDEE618342DC5'
  const example: Example = {
    protocol: '04007F00070202040102',
    selection: '0022C1A40F800A04007F00070202040102830101',
    parameterId: 0,
    password,
    mappingSeed: seedOf('5265030F751F4AD18B08AC565FC7AC952E41618D'),
    agreementSeed: seedOf('89CCD99B0E8D3B1F11E1296DCA68EC53411CF2CA'),
    exchanges: [
      ['10860000027C0000', '7C128010854D8DF5827FA6852D1A4FA701CDDDCA'],
      [`10860000867C8183818180${mapping}00`, `7C8183828180${chipMapping}`],
      [`10860000867C8183838180${agreement}00`, `7C8183848180${chipAgreement}`],
      // The chip names a certification authority too (DO 87): not for this terminal.
      ['008600000C7C0A8508B46DD9BD4D98381F00', '7C1A8608917F37B5C0E6D8D1870E4445544553544356434130303030333'.slice(0, 56)],
    ],
  }

  it('the nonce and the generator mapped to', () => {
    const nonce = decryptNonce(
      'aes-128',
      derivePaceKey('aes-128', passwordSecret(password), 3),
      fromHex('854D8DF5827FA6852D1A4FA701CDDDCA'),
    )
    expect(toHex(nonce)).toBe('FA5B7E3E49753A0DB9178B7B9BD898C8')
    const any = paceGroupOf('dh', 0)
    const group = dhGroupOfParameterId(0)
    if (any?.agreement !== 'dh' || group === undefined) throw new Error('no group')
    const shared = modularPower(BigInt(`0x${chipMapping}`), 0x5265030f751f4ad18b08ac565fc7ac952e41618dn, group.prime)
    const generator = any.group.mapped(nonce, shared)
    expect(generator && toHex(encodeElement(group, generator))).toBe(mapped)
  })

  it('every command, and the keys of the session', () => {
    const opened = play(example)
    const shared =
      '6BABC7B3A72BCD7EA385E4C62DB2625BD8613B24149E146A629311C4CA6698E38B834B6A9E9CD7184BA8834AFF5043D436950C4C1E7832367C10CB8C314D40E5' +
      '990B0DF7013E64B4549E2270923D06F08CFF6BD3E977DDE6ABE4C31D55C0FA2E465E553E77BDF75E3193D3834FC26E8EB1EE2FA1E4FC97C18C3F6CFFFE2607FD'
    expect(toHex(derivePaceKey('aes-128', fromHex(shared), 1))).toBe('2F7F46ADCC9E7E521B45D192FAFA9126')
    expect(toHex(derivePaceKey('aes-128', fromHex(shared), 2))).toBe('805A1D27D45A5116F73C54469462B7D8')
    const keys = { encryption: fromHex('2F7F46ADCC9E7E521B45D192FAFA9126'), mac: fromHex('805A1D27D45A5116F73C54469462B7D8') }
    expect(channelKeys(opened)).toEqual(channelKeys({ channel: createAesChannel(keys) }))
  })
})

describe('appendix H.1: integrated mapping, ECDH on brainpoolP256r1', () => {
  const agreement =
    '0489CBA23FFE96AA18D824627C3E934E54A9FD0B87A95D1471DC1C0ABFDCD640D46755DE9B7B778280B6BEBD57439ADFEB0E21FD4ED6DF42578C13418A59B34C37'
  const chipAgreement =
    '0467F78E5F7F7686082B293E8D087E056916D0F74BC01A5F8957D0DE45691E51E8932B69A962B52A0985AD2C0A271EE6A13A8ADDDCD1A3A994B9DED257F4D22753'
  const example: Example = {
    protocol: '04007F00070202040402',
    selection: '0022C1A40F800A04007F00070202040402830102',
    parameterId: 13,
    password: { type: 'can', can: '123456' },
    mappingSeed: concatBytes(fromHex('5DD4CBFC96F5453B130D890A1CDBAE32'), new Uint8Array(seedLength - 16)),
    agreementSeed: seedOf('A73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595'),
    exchanges: [
      ['10860000027C0000', '7C128010143DC40C08C8E891FBED7DEDB92B64AD'],
      ['10860000147C1281105DD4CBFC96F5453B130D890A1CDBAE3200', '7C028200'],
      [`10860000457C438341${agreement}00`, `7C438441${chipAgreement}`],
      ['008600000C7C0A8508450F02B86F6A090900', '7C0A860875D4D96E8D5B0308'],
    ],
  }

  it('the nonce and the generator mapped to', () => {
    const key = derivePaceKey('aes-128', passwordSecret(example.password), 3)
    expect(toHex(key)).toBe('591468CDA83D65219CCCB8560233600F')
    const nonce = decryptNonce('aes-128', key, fromHex('143DC40C08C8E891FBED7DEDB92B64AD'))
    expect(toHex(nonce)).toBe('2923BE84E16CD6AE529049F1F1BBE9EB')
    const any = paceGroupOf('ecdh', 13)
    if (any?.agreement !== 'ecdh') throw new Error('no curve')
    const random = pseudoRandomNumber('aes-128', nonce, fromHex('5DD4CBFC96F5453B130D890A1CDBAE32'), any.group.fieldBits)
    expect(any.group.mappedFrom(random)?.x).toBe(0x8e82d31559ed0fde92a4d0498add3c23baba94fb77691e31e90aea77fb17d427n)
  })

  it('every command; the session opens for the token of the example', () => {
    expect(play(example).channel.sendSequenceCounter).toEqual(new Uint8Array(16))
  })
})

describe('appendix H.2: integrated mapping, DH, 1024-bit MODP with a subgroup of 160 bits', () => {
  const agreement =
    '0F0CC62945A8029251FB7EF3C094E12EC68E4EF07F27CB9D9CD04C5C4250FAE0E4F8A951557E929AEB48E5C6DD47F2F5CD7C351A9BD2CD722C07EDE166770F08' +
    'FFCB370262CF308DD7B07F2E0DA9CAAA1492344C852906919538C98A4BA4187E76CE9D87832386D319CE2E043C3343AEAE6EDBA1A9894DC5094D22F7FE1351D5'
  const chipAgreement =
    '928D9A0F9DBA450F13FC859C6F290D1D36E42431138A4378500BEB4E0401854CFF111F71CB6DC1D0335807A11388CC8EAA87B07907AAD9FBA6B169AF6D8C26AF' +
    '8DDDC39ADC3AD2E3FF882B84D23E9768E95A80E4746FB07A9767679FE92133B4D379935C771BD7FBED6C7BB4B1708B275EA75679524CDC9C6A91370CC662A2F3'
  const mapped =
    '1D7D767F11E333BCD6DBAEF40E799E7A926B96973550656FF3C830726D118D61C276CDCC61D475CF03A98E0C0E79CAEBA5BE25578BD4551D0B10903236F0B0F9' +
    '76852FA78EEA14EA0ACA87D1E91F688FE0DFF897BBE35A472621D343564B262F34223AE8FC59B664BFEDFA2BFE7516CA5510A6BBB633D517EC25D4E0BBAA16C2'
  const privateKey =
    '4BD0E54740F9A028E6A515BFDAF967848C4F5F5FFF65AA0915947FFD1A0DF2FA6981271BC905F3551457B7E03AC3B8066DE4AA406C1171FB43DD939C4BA16175' +
    '103BA3DEE16419AA248118F90CC36A3D6F4C373652E0C3CCE7F0F1D0C5425B3600F0F0D6A67F004C8BBA33F2B4733C7252445C1DFC4F1107203F71D2EFB28161'
  const example: Example = {
    protocol: '04007F00070202040302',
    selection: '0022C1A40F800A04007F00070202040302830102',
    parameterId: 0,
    password: { type: 'can', can: '123456' },
    mappingSeed: concatBytes(fromHex('B3A6DB3C870C3E99245E0D1C06B747DE'), new Uint8Array(seedLength - 16)),
    agreementSeed: seedOf(privateKey, orderOf(0)),
    exchanges: [
      ['10860000027C0000', '7C1280109ABB8864CA0FF1551E620D1EF4E13510'],
      ['10860000147C128110B3A6DB3C870C3E99245E0D1C06B747DE00', '7C028200'],
      [`10860000867C8183838180${agreement}00`, `7C8183848180${chipAgreement}`],
      ['008600000C7C0A850855D61977CBF5307E00', '7C0A8608C2F04230187E1525'],
    ],
  }

  it('the nonce and the generator mapped to', () => {
    const nonce = decryptNonce(
      'aes-128',
      derivePaceKey('aes-128', passwordSecret(example.password), 3),
      fromHex('9ABB8864CA0FF1551E620D1EF4E13510'),
    )
    expect(toHex(nonce)).toBe('FA5B7E3E49753A0DB9178B7B9BD898C8')
    const any = paceGroupOf('dh', 0)
    if (any?.agreement !== 'dh') throw new Error('no group')
    const random = pseudoRandomNumber('aes-128', nonce, fromHex('B3A6DB3C870C3E99245E0D1C06B747DE'), any.group.fieldBits)
    const generator = any.group.mappedFrom(random)
    expect(generator && toHex(any.group.encode(generator))).toBe(mapped)
  })

  it('every command; the session opens for the token of the example', () => {
    expect(play(example).channel.sendSequenceCounter).toEqual(new Uint8Array(16))
  })
})

describe('appendix I: chip authentication mapping, ECDH on brainpoolP256r1', () => {
  const mapping =
    '047F1D410ADB7DDB3B84BF1030800981A9105D7457B4A3ADE002384F3086C67EDE1AB889104A27DB6D842B019020FBF3CEACB0DC627F7BDCAC29969E19D0E553C1'
  const chipMapping =
    '04A234236AA9B9621E8EFB73B5245C0E09D2576E5277183C1208BDD55280CAE8B304F365713A356E65A451E165ECC9AC0AC46E3771342C8FE5AEDD092685338E23'
  const agreement =
    '04446C934084D9DAB863944F219520076C29EE3F7AE6722B11FF319EC1C7728F955483400BFF60BF0C5929270009277DC2A515E12575010AD9BA916CF1BF86FEFC'
  const chipAgreement =
    '0402AD566F3C6EC7F9324509AD50A51FA52030782A4968FCFEDF737DAEA993333111C3B9B4C2287789BD137E7F8AA882E2A3C633CCD6ECC2C63C57AD401A09C2E1'
  const example: Example = {
    protocol: '04007F00070202040602',
    selection: '0022C1A40F800A04007F00070202040602830101',
    parameterId: 13,
    password: { type: 'mrz', documentNumber: 'C11T002JM', birthDate: '960812', expiryDate: '231031' },
    mappingSeed: seedOf('5D8BB87BD74D985A4B7D4325B9F7B976FE835122773400798914AA22738135CC'),
    agreementSeed: seedOf('76ECFDAA9841C323A3F5FC5E88B88DB3EFF7E35EBF57A7E6946CB630006C2120'),
    exchanges: [
      ['10860000027C0000', '7C128010CB60E8E0D85B76A9BD304747C2AD42E2'],
      [`10860000457C438141${mapping}00`, `7C438241${chipMapping}`],
      [`10860000457C438341${agreement}00`, `7C438441${chipAgreement}`],
      [
        '008600000C7C0A8508E86BD06018A1CD3B00',
        '7C3C86088596CF055C67C1A38A301EEA964DAAE372AC990E3EFDE6333353BFC89A6704D93DA8798CF77F5B7A54BD10CBA372B42BE0B9B5F28AA8DE2F4F92',
      ],
    ],
  }

  it('every command, and the chip authentication data', () => {
    const opened = play(example)
    expect(toHex(opened.mappingProof?.data ?? new Uint8Array())).toBe(
      '85DC3FA93D0952BFA82F5FD189EE75BD82F11D1F0B8ED4BF5319AC9B53C426B3',
    )
    expect(toHex(opened.mappingProof?.mappingKey ?? new Uint8Array())).toBe(chipMapping)
  })

  it("the mapping's key is the one that the chip authentication data make of the static key of EF.CardSecurity", () => {
    const info =
      '3062060904007F0007020201023052300C060704007F0007010202010D034200041872709494399E7470A6431BE25E83EEE24FEA568C2ED28DB48E05DB3A61' +
      '0DC884D256A40E35EFCB59BF6753D3A489D28C7A4D973C2DA138A6E7A4A08F68E16F02010D'
    const keys = chipAuthenticationOf(encodeTlv(0x31, fromHex(info)))
    const staticKey = keys.ok ? keys.value[0]?.publicKey : undefined
    const { mappingProof } = play(example)
    if (mappingProof === undefined || staticKey === undefined) throw new Error('no proof, or no key')
    expect(isMappedBy(mappingProof, staticKey)).toBe(true)
    const another = { ...mappingProof, data: mappingProof.data.map((byte, at) => (at === 31 ? byte ^ 1 : byte)) }
    expect(isMappedBy(another, staticKey)).toBe(false)
    expect(isMappedBy({ ...mappingProof, parameterId: 12 }, staticKey)).toBe(false)
    expect(isMappedBy({ ...mappingProof, data: new Uint8Array(32) }, staticKey)).toBe(false)
  })
})
