/**
 * eSCL (Mopria Alliance, eSCL Technical Specification 2.97): the XML that a network scanner says and hears. Names only, prefixes are the
 * scanner's own business. Bytes of pages travel apart.
 */
import { XMLParser } from 'fast-xml-parser'
import { z } from 'zod'
import type { ScanSettings } from '../../../contracts/document-scan.ts'
import { err, ok, type Result } from '../../../contracts/result.ts'

export type EsclCapabilities = { name: string; flatbed: boolean; feeder: boolean; formats: string[] }
export type EsclStatus = { state: string; feeder: 'loaded' | 'empty' | 'jam' | 'open' | 'unknown' }
export type NotEscl = { type: 'not-escl'; detail: string }

/** No entities are expanded and no document type is read: a scanner is a stranger in the network. */
const parser = new XMLParser({ removeNSPrefix: true, ignoreAttributes: true, processEntities: false, parseTagValue: false })

const parseXml = (text: string): unknown => {
  try {
    return parser.parse(text)
  } catch {
    return undefined
  }
}

const Capabilities = z.object({
  ScannerCapabilities: z.looseObject({
    MakeAndModel: z.coerce.string().optional(),
    Platen: z.unknown().optional(),
    Adf: z.unknown().optional(),
  }),
})
const Status = z.object({
  ScannerStatus: z.looseObject({ State: z.coerce.string(), AdfState: z.coerce.string().optional() }),
})

export const parseCapabilities = (xml: string): Result<EsclCapabilities, NotEscl> => {
  const parsed = Capabilities.safeParse(parseXml(xml))
  if (!parsed.success) return err({ type: 'not-escl', detail: 'no ScannerCapabilities' })
  const { MakeAndModel, Platen, Adf } = parsed.data.ScannerCapabilities
  const formats = [...xml.matchAll(/<[\w:]*DocumentFormat(?:Ext)?>([^<]{1,60})</g)].map((found) => (found[1] ?? '').trim())
  return ok({
    name: (MakeAndModel ?? '').trim() || 'eSCL',
    flatbed: Platen !== undefined || Adf === undefined,
    feeder: Adf !== undefined,
    formats: [...new Set(formats)],
  })
}

const feederStates: Readonly<Record<string, EsclStatus['feeder']>> = {
  ScannerAdfLoaded: 'loaded',
  ScannerAdfProcessing: 'loaded',
  ScannerAdfEmpty: 'empty',
  ScannerAdfJam: 'jam',
  ScannerAdfMispick: 'jam',
  ScannerAdfHatchOpen: 'open',
}

export const parseStatus = (xml: string): Result<EsclStatus, NotEscl> => {
  const parsed = Status.safeParse(parseXml(xml))
  if (!parsed.success) return err({ type: 'not-escl', detail: 'no ScannerStatus' })
  const { State, AdfState } = parsed.data.ScannerStatus
  return ok({ state: State.trim(), feeder: feederStates[(AdfState ?? '').trim()] ?? 'unknown' })
}

/** A whole A4 page, in units of 1/300 inch. */
const a4 = { width: 2480, height: 3508 }

export const scanSettingsXml = (settings: Pick<ScanSettings, 'source' | 'resolution' | 'colour'>): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<scan:ScanSettings xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm">
  <pwg:Version>2.6</pwg:Version>
  <scan:Intent>Document</scan:Intent>
  <pwg:ScanRegions>
    <pwg:ScanRegion>
      <pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits>
      <pwg:XOffset>0</pwg:XOffset>
      <pwg:YOffset>0</pwg:YOffset>
      <pwg:Width>${a4.width}</pwg:Width>
      <pwg:Height>${a4.height}</pwg:Height>
    </pwg:ScanRegion>
  </pwg:ScanRegions>
  <pwg:InputSource>${settings.source === 'feeder' ? 'Feeder' : 'Platen'}</pwg:InputSource>
  <scan:ColorMode>${settings.colour ? 'RGB24' : 'Grayscale8'}</scan:ColorMode>
  <scan:XResolution>${settings.resolution}</scan:XResolution>
  <scan:YResolution>${settings.resolution}</scan:YResolution>
  <pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>
  <scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt>
</scan:ScanSettings>
`
