/** Letters beyond take two units of a string. */
const LAST_OF_ONE_UNIT = 0xff_ff;

/** A number from 0 to below 1 that is always the same for the same words. */
export function chance(seed: number, ...words: readonly (string | number)[]): number {
  let hash = mix(seed ^ 0x81_1c_9d_c5);
  const text = words.join('\u0000');
  // by index: this is done for each track that a wave may play
  for (let at = 0; at < text.length; at++) {
    const letter = text.codePointAt(at) ?? 0;
    if (letter > LAST_OF_ONE_UNIT) at++;
    hash = Math.imul(hash ^ letter, 0x01_00_01_93);
  }
  return (mix(hash) >>> 0) / 2 ** 32;
}

/** The last steps of MurmurHash3: each bit of the input moves each bit of the result. */
function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85_eb_ca_6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2_b2_ae_35);
  return hash ^ (hash >>> 16);
}
