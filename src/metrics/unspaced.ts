/**
 * Scripts without spaces between words.
 *
 * @module
 */

/**
 * A letter of such a script: Chinese, Japanese, Thai, Lao, Khmer, Burmese. ー belongs to two scripts, so to none by
 * name.
 */
export const UNSPACED =
  /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Bopo}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}ーｰ]/u;
