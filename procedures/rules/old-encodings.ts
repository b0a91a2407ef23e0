/**
 * Names pasted from programs with the fonts of before Unicode: TCVN3 (`NguyÔn ThÞ MÉu`) and VNI (`Nguyeãn Thò Maãu`). Only a doubt: a foreign
 * name may hold such letters. Nothing is ever converted, for what was meant is not certain.
 */

/** Letters of Latin-1 which no Vietnamese word has; TCVN3 puts Vietnamese letters in their place. */
const strangers = /[ªµºÄÅÆÇËÎÏÐÑÖØÛÜÞßäåæçëîïðñö÷øûüþÿ]/u

/** VNI writes the mark as a letter of its own, behind the vowel. */
const markBehind = /a[àáâãêéèú]|e[àáâã]|oâ/iu

export const looksLikeOldEncoding = (name: string): boolean => {
  const text = name.normalize('NFC')
  return strangers.test(text) || markBehind.test(text)
}
