/**
 * Certificates name a country by two letters (ISO 3166-1), the MRZ by three (Doc 9303-3 section 5): whether the two mean the same
 * issuer. What is in neither list cannot be told.
 */

/** Two letters and three, one after another. */
const pairs =
  'ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW AXALA AZAZE BABIH BBBRB BDBGD BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES BRBRA BSBHS BTBTN BWBWA BYBLR BZBLZ CACAN CDCOD CFCAF CGCOG CHCHE CICIV CKCOK CLCHL CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CWCUW CYCYP CZCZE DJDJI DKDNK DMDMA DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK FMFSM FOFRO FRFRA GAGAB GBGBR GDGRD GEGEO GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GTGTM GUGUM GWGNB GYGUY HKHKG HNHND HRHRV HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD IQIRQ IRIRN ISISL ITITA JEJEY JMJAM JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA LYLBY MAMAR MCMCO MDMDA MEMNE MGMDG MHMHL MKMKD MLMLI MMMMR MNMNG MOMAC MQMTQ MRMRT MSMSR MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL NENER NGNGA NINIC NLNLD NONOR NPNPL NRNRU NUNIU NZNZL OMOMN PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA SASAU SBSLB SCSYC SDSDN SESWE SGSGP SHSHN SISVN SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD STSTP SVSLV SXSXM SYSYR SZSWZ TCTCA TDTCD TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON TRTUR TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA USUSA UYURY UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR VNVNM VUVUT WFWLF WSWSM YEYEM YTMYT ZAZAF ZMZMB ZWZWE'

/** Codes of Doc 9303-3 beside ISO 3166, and issuers that sign for others. */
const others: readonly (readonly [two: string, three: string])[] = [
  ['DE', 'D'],
  ['DE', 'DEU'],
  ['EU', 'EUE'],
  ['UN', 'UNO'],
  ['UN', 'UNA'],
  ['UN', 'UNK'],
  ['ZZ', 'UNO'],
  ['ZZ', 'UNA'],
  ['XK', 'RKS'],
  ['KS', 'RKS'],
  ['CN', 'HKG'],
  ['CN', 'MAC'],
  ['HK', 'CHN'],
  ['MO', 'CHN'],
  ['GB', 'GBD'],
  ['GB', 'GBN'],
  ['GB', 'GBO'],
  ['GB', 'GBP'],
  ['GB', 'GBS'],
  ['UT', 'UTO'],
]

const threeByTwo = new Map<string, Set<string>>()
for (const [two, three] of [...pairs.split(' ').map((pair) => [pair.slice(0, 2), pair.slice(2)] as const), ...others])
  threeByTwo.set(two, (threeByTwo.get(two) ?? new Set()).add(three))
const knownThree = new Set([...threeByTwo.values()].flatMap((set) => [...set]))

/** 'unknown' where one of the two codes is in no list. */
export const sameIssuer = (certificateCountry: string, issuingState: string): 'same' | 'different' | 'unknown' => {
  const three = threeByTwo.get(certificateCountry)
  if (three === undefined || !knownThree.has(issuingState)) return 'unknown'
  return three.has(issuingState) ? 'same' : 'different'
}
