import { dictionary } from '@zxcvbn-ts/language-common';

const SHORTEST = 8;

/** Those of the 50,000 most used, from leaked lists, that are long enough for a password. */
const common = new Set(dictionary['passwords-common'].filter(({ length }) => length >= SHORTEST));

/** Whether a password is among the first that anybody would try, whatever its case. */
export function isCommonPassword(password: string): boolean {
  const folded = password.normalize('NFKC').toLowerCase();
  return common.has(folded) || new Set(folded).size < 3;
}
