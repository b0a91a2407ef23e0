/**
 * The unit at the end of a place as it is written: `Bản Bua, Xã Mường Ảng, Tỉnh Điện Biên` lies in `xã Mường Ảng, tỉnh Điện Biên`.
 * Two levels only: a place that still names a district is of before, and no agency of today follows from it.
 */
const atEnd = /(?:^|[\s,])((?:xã|phường|đặc khu)\s[^,]+,\s*(?:tỉnh|thành phố)\s[^,]+)$/iu

const provinceAtEnd = /(?:^|[\s,])((?:tỉnh|thành phố)\s[^,]+)$/iu

const uncapitalised = (name: string): string => name.charAt(0).toLocaleLowerCase('vi') + name.slice(1)

const written = (found: string | undefined): string =>
  (found ?? '')
    .split(',')
    .map((part) => uncapitalised(part.trim()))
    .join(', ')

/** In the middle of a line: kinds of units are written small. Empty when the text names no commune with its province. */
export const unitOfPlace = (place: string): string => written(atEnd.exec(place.trim())?.[1])

export const provinceOfPlace = (place: string): string => written(provinceAtEnd.exec(place.trim())?.[1])

export const healthFacilityOf = (place: string): string => {
  const name = place.split(',')[0]?.trim() ?? ''
  return /^(?:bệnh viện|trung tâm y tế|phòng khám|nhà hộ sinh|viện)\s/iu.test(name) && unitOfPlace(name) === '' ? name : ''
}
