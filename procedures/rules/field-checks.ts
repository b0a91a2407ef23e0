/** What is wrong with one given value, in the words a clerk reads (what it must be, what it is now). No value is ever changed here. */
import type { Field, Procedure } from '../../contracts/procedure.ts'
import { findInList } from './code-lists.ts'
import { type DateProblem, earliest, isWhole, printedDay, readDate } from './dates.ts'
import { type Day, stepOfField } from './visibility.ts'

export type Message = { vi: string; en: string }

const english = (text: { vi: string; en?: string | undefined }): string => text.en ?? text.vi
/** Only the first letter: "Số định danh" → "số định danh". Labels do not begin with proper names. */
const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

const subject = (field: Field): { vi: string; en: string } => ({ vi: field.label.vi, en: english(field.label) })

export const missingMessage = (procedure: Procedure, field: Field): Message => {
  if (field.requiredMessage !== undefined) return { vi: field.requiredMessage.vi, en: english(field.requiredMessage) }
  // Of whom it is says the field itself; of what is nobody's in particular nothing is said.
  const person =
    field.fact === undefined
      ? undefined
      : procedure.persons.find((candidate) => candidate.id === stepOfField(procedure, field.id)?.person)
  if (field.type === 'signature') return { vi: `Ký vào ô “${field.label.vi}”.`, en: `Sign at “${english(field.label)}”.` }
  const choose = field.type === 'choice' || field.type === 'multi-choice' || field.type === 'listed'
  const of =
    person === undefined
      ? { vi: '', en: '' }
      : { vi: ` của ${lowerFirst(person.label.vi)}`, en: ` of the ${lowerFirst(english(person.label))}` }
  return {
    vi: `${choose ? 'Chọn' : 'Ghi'} ${lowerFirst(field.label.vi)}${of.vi}.`,
    en: `${choose ? 'Choose' : 'Enter'} the ${lowerFirst(english(field.label))}${of.en}.`,
  }
}

const partialHint: Message = { vi: ' Chỉ nhớ năm thì ghi năm.', en: ' If only the year is known, enter the year.' }
const noHint: Message = { vi: '', en: '' }

const dateProblemMessage = (name: Message, hint: Message, problem: DateProblem): Message => {
  switch (problem.type) {
    case 'not-a-date':
      return {
        vi: `${name.vi} phải ghi ngày/tháng/năm, ví dụ 02/11/2026.${hint.vi}`,
        en: `${name.en} must be day/month/year, for example 02/11/2026.${hint.en}`,
      }
    case 'short-year':
      return {
        vi: `${name.vi} phải ghi đủ 4 số của năm, ví dụ 1990.`,
        en: `${name.en} needs all 4 digits of the year, for example 1990.`,
      }
    case 'year-out-of-range':
      return {
        vi: `${name.vi} phải có năm có thật, gồm 4 số, ví dụ 1990.`,
        en: `${name.en} must have a real year of 4 digits, for example 1990.`,
      }
    case 'no-such-month':
      return {
        vi: `${name.vi} phải là ngày có thật: một năm chỉ có 12 tháng, đang ghi tháng ${problem.month}.${hint.vi}`,
        en: `${name.en} must be a real date: a year has 12 months, it says month ${problem.month}.${hint.en}`,
      }
    case 'no-such-day':
      return {
        vi: `${name.vi} phải là ngày có thật: tháng ${problem.month} năm ${problem.year} chỉ có ${problem.daysInMonth} ngày.${hint.vi}`,
        en: `${name.en} must be a real date: month ${problem.month} of ${problem.year} has ${problem.daysInMonth} days.${hint.en}`,
      }
  }
}

const checkTime = (field: Extract<Field, { type: 'time' }>, value: string): Message | undefined => {
  const name = subject(field)
  const [hour, minute] = value.split(':')
  if (/^\d{2}:\d{2}$/.test(value) && Number(hour) < 24 && Number(minute) < 60) return undefined
  if (/^\d{2}$/.test(value) && Number(value) < 24) {
    return field.partial
      ? undefined
      : { vi: `${name.vi} phải ghi cả giờ và phút, ví dụ 22:15.`, en: `${name.en} needs hour and minute, for example 22:15.` }
  }
  return {
    vi: `${name.vi} phải ghi giờ và phút, từ 00:00 đến 23:59.`,
    en: `${name.en} must be an hour and minute, 00:00 to 23:59.`,
  }
}

const checkDateTime = (field: Extract<Field, { type: 'date-time' }>, value: string, day: Day): Message | undefined => {
  const name = subject(field)
  const [date = '', time = ''] = value.split(' ')
  const read = readDate(date)
  const [hour, minute] = time.split(':')
  if (!read.ok || !isWhole(read.value) || !/^\d{2}:\d{2}$/.test(time) || Number(hour) > 23 || Number(minute) > 59) {
    return {
      vi: `${name.vi} phải ghi ngày và giờ, ví dụ 02/11/2026 22:15.`,
      en: `${name.en} must be a day and an hour, for example 02/11/2026 22:15.`,
    }
  }
  if (field.future || earliest(read.value) <= Number(day.today.replaceAll('-', ''))) return undefined
  const today = printedDay(day.today)
  return { vi: `${name.vi} không thể sau hôm nay (${today}).`, en: `${name.en} cannot be after today (${today}).` }
}

const checkDate = (field: Extract<Field, { type: 'date' }>, value: string, day: Day): Message | undefined => {
  const name = subject(field)
  const read = readDate(value)
  if (!read.ok) return dateProblemMessage(name, field.partial ? partialHint : noHint, read.error)
  if (!field.partial && !isWhole(read.value)) {
    return { vi: `${name.vi} phải ghi đủ ngày, tháng, năm.`, en: `${name.en} needs day, month and year.` }
  }
  if (!field.future && earliest(read.value) > Number(day.today.replaceAll('-', ''))) {
    const today = printedDay(day.today)
    return { vi: `${name.vi} không thể sau hôm nay (${today}).`, en: `${name.en} cannot be after today (${today}).` }
  }
  return undefined
}

/** Vietnamese read in the wrong encoding: UTF-8 taken for Latin-1. */
export const looksGarbled = (value: string): boolean => /Ã[\u0080-\u00BF]|áº|á»|Ä‘|Æ°|\uFFFD/.test(value)

const garbled = (name: Message): Message => ({
  vi: `${name.vi} có chữ bị hỏng dấu. Gõ lại theo giấy tờ.`,
  en: `${name.en} holds broken letters. Type it again from the paper.`,
})

/** A doubt, for foreign names hold such letters too. */
export const oldEncodingMessage = (field: Field): Message => {
  const name = subject(field)
  return {
    vi: `${name.vi} có chữ giống phông chữ cũ (TCVN3, VNI). Gõ lại theo giấy tờ; tên nước ngoài ghi đúng như vậy thì đi tiếp.`,
    en: `${name.en} looks like letters of an old font (TCVN3, VNI). Type it again from the paper; go on if a foreign name is written so.`,
  }
}

const countDigits = (value: string): number => value.replace(/\D/g, '').length

/** Undefined = nothing wrong. `value` is normalised and not empty. */
export const checkValue = (field: Field, value: string, day: Day): Message | undefined => {
  const name = subject(field)
  if (looksGarbled(value)) return garbled(name)
  switch (field.type) {
    case 'date':
      return checkDate(field, value, day)
    case 'text':
      return value.length <= field.maxLength
        ? undefined
        : {
            vi: `${name.vi} chỉ ghi được ${field.maxLength} chữ, đang có ${value.length} chữ.`,
            en: `${name.en} takes ${field.maxLength} characters, it has ${value.length}.`,
          }
    case 'name': {
      const stranger = /[^\p{L}\p{M} '’ʼ.-]/u.exec(value)
      if (stranger !== null)
        return {
          vi: `${name.vi} chỉ ghi bằng chữ, đang có “${stranger[0]}”.`,
          en: `${name.en} is letters only, it has “${stranger[0]}”.`,
        }
      if (!/\p{L}/u.test(value)) return { vi: `${name.vi} phải có chữ.`, en: `${name.en} needs letters.` }
      return value.length <= 200 ? undefined : { vi: `${name.vi} chỉ ghi được 200 chữ.`, en: `${name.en} takes 200 characters.` }
    }
    case 'personal-number':
      if (/^\d{12}$/.test(value)) return undefined
      return /^\d+$/.test(value)
        ? {
            vi: `${name.vi} phải có 12 số, đang có ${value.length} số.`,
            en: `${name.en} must have 12 digits, it has ${value.length}.`,
          }
        : { vi: `${name.vi} chỉ gồm 12 số, không có chữ.`, en: `${name.en} is 12 digits, without letters.` }
    case 'phone':
      return /^0\d{9}$/.test(value)
        ? undefined
        : {
            vi: `${name.vi} phải có 10 số, bắt đầu bằng 0, đang có ${countDigits(value)} số.`,
            en: `${name.en} must have 10 digits beginning with 0, it has ${countDigits(value)}.`,
          }
    case 'digits':
      return /^\d+$/.test(value) && field.lengths.includes(value.length)
        ? undefined
        : {
            vi: `${name.vi} phải có ${field.lengths.join(' hoặc ')} số, đang có ${countDigits(value)} số.`,
            en: `${name.en} must have ${field.lengths.join(' or ')} digits, it has ${countDigits(value)}.`,
          }
    case 'email':
      return /^[^\s@]{1,64}@[^\s@]+\.[^\s@.]{2,}$/.test(value) && value.length <= 254
        ? undefined
        : { vi: `${name.vi} phải có dạng ten@noi.vn.`, en: `${name.en} must look like name@place.vn.` }
    case 'time':
      return checkTime(field, value)
    case 'date-time':
      return checkDateTime(field, value, day)
    case 'money':
      return /^\d{1,12}$/.test(value) && Number(value) <= field.max
        ? undefined
        : {
            vi: `${name.vi} phải là số tiền bằng số, ví dụ 1500000.`,
            en: `${name.en} must be an amount in figures, for example 1500000.`,
          }
    case 'rows': {
      const count = /^\d{1,3}$/.test(value) ? Number(value) : Number.NaN
      return count >= field.min && count <= field.max
        ? undefined
        : {
            vi: `${name.vi} phải có từ ${field.min} đến ${field.max} dòng.`,
            en: `${name.en} must have ${field.min} to ${field.max} rows.`,
          }
    }
    case 'unit':
    case 'address':
      return value.length <= 500
        ? undefined
        : {
            vi: `${name.vi} chỉ ghi được 500 chữ, đang có ${value.length} chữ.`,
            en: `${name.en} takes 500 characters, it has ${value.length}.`,
          }
    case 'multi-choice': {
      const chosen = value.split('; ')
      const strange = chosen.some((each) => !field.options.some((option) => option.value === each))
      if (!strange && chosen.length <= (field.max ?? chosen.length)) return undefined
      return strange
        ? {
            vi: `${name.vi} phải chọn trong: ${field.options.map((option) => option.label.vi).join(', ')}.`,
            en: `${name.en} must be chosen from: ${field.options.map((option) => english(option.label)).join(', ')}.`,
          }
        : { vi: `${name.vi} chỉ chọn được ${field.max} mục.`, en: `${name.en} takes ${field.max} choices.` }
    }
    case 'signature':
      return /^(?:[ML]\d{1,4} \d{1,4})+$/.test(value)
        ? undefined
        : { vi: `${name.vi} phải ký lại trên màn hình.`, en: `${name.en} must be drawn again on the screen.` }
    case 'number': {
      const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN
      return number >= field.min && number <= field.max
        ? undefined
        : {
            vi: `${name.vi} phải là số từ ${field.min} đến ${field.max}.`,
            en: `${name.en} must be a number from ${field.min} to ${field.max}.`,
          }
    }
    case 'choice':
      return field.options.some((option) => option.value === value)
        ? undefined
        : {
            vi: `${name.vi} phải chọn một trong: ${field.options.map((option) => option.label.vi).join(', ')}.`,
            en: `${name.en} must be one of: ${field.options.map((option) => english(option.label)).join(', ')}.`,
          }
    case 'listed':
      if (findInList(field.list, value) !== undefined || (field.free && value.length <= 500)) return undefined
      return { vi: `${name.vi} phải chọn trong danh sách.`, en: `${name.en} must be chosen from the list.` }
    case 'date-in-words':
    case 'composed':
      return undefined
  }
}
