/** PostgreSQL keeps neither a zero nor half of a pair of surrogates in a text. */
export const isKept = (text: string): boolean => !text.includes('\u0000') && !/\p{Cs}/u.test(text)

/** For what is only shown: that nobody is refused for it. */
export const keptText = (text: string): string => text.replaceAll('\u0000', '\ufffd').replace(/\p{Cs}/gu, '\ufffd')
