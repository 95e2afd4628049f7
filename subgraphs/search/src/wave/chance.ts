/** A number from 0 to below 1 that is always the same for the same words. */
export function chance(seed: number, ...words: readonly (string | number)[]): number {
  let hash = mix(seed ^ 0x81_1c_9d_c5);
  for (const letter of words.join('\u0000')) {
    hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01_00_01_93);
  }
  return (mix(hash) >>> 0) / 2 ** 32;
}

/** The last steps of MurmurHash3: each bit of the input moves each bit of the result. */
function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85_eb_ca_6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2_b2_ae_35);
  return hash ^ (hash >>> 16);
}
