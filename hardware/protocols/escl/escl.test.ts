import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCapabilities, parseStatus, scanSettingsXml } from './escl.ts'

const capabilities = `<?xml version="1.0"?><scan:ScannerCapabilities xmlns:scan="s" xmlns:pwg="p"><pwg:Version>2.6</pwg:Version>
<pwg:MakeAndModel>Máy quét mẫu 100</pwg:MakeAndModel><scan:Platen><scan:PlatenInputCaps><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>
</scan:PlatenInputCaps></scan:Platen><scan:Adf><scan:AdfSimplexInputCaps/></scan:Adf></scan:ScannerCapabilities>`

describe('eSCL', () => {
  it('reads what a scanner can do', () => {
    expect(parseCapabilities(capabilities)).toEqual({
      ok: true,
      value: { name: 'Máy quét mẫu 100', flatbed: true, feeder: true, formats: ['image/jpeg'] },
    })
  })

  it('reads the state of the feeder', () => {
    const status = (adf: string) =>
      `<scan:ScannerStatus><pwg:State>Idle</pwg:State><scan:AdfState>${adf}</scan:AdfState></scan:ScannerStatus>`
    expect(parseStatus(status('ScannerAdfEmpty'))).toMatchObject({ value: { state: 'Idle', feeder: 'empty' } })
    expect(parseStatus(status('ScannerAdfJam'))).toMatchObject({ value: { feeder: 'jam' } })
    expect(parseStatus(status('SomethingNew'))).toMatchObject({ value: { feeder: 'unknown' } })
  })

  it('asks for what was chosen', () => {
    const asked = scanSettingsXml({ source: 'feeder', resolution: 200, colour: false })
    expect(asked).toContain('<pwg:InputSource>Feeder<')
    expect(asked).toContain('<scan:XResolution>200<')
    expect(asked).toContain('Grayscale8')
  })

  it('calls everything else no scanner, and never throws', () => {
    expect(parseCapabilities('<html><body>Đăng nhập Wi-Fi</body></html>')).toMatchObject({ ok: false })
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `<ScannerStatus>${text}</ScannerStatus>`),
        ),
        (text) => {
          parseCapabilities(text)
          parseStatus(text)
        },
      ),
      { seed: 20261123 },
    )
  })
})
