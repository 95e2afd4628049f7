/**
 * The file behind a `chromaKey`: how much of each pitch class sounds in a recording, from C on, moment after moment.
 * Twelve bytes a moment, the loudest of them 255, all 0 where nothing sounds.
 */

/** Samples at 16 kHz from moment to moment. */
export const CHROMA_HOP = 4096;
export const CHROMA_HOP_MS = 256;

const MAGIC = 0x314d4356; // «VCM1»

export function encodeChroma(values: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + values.length);
  new DataView(bytes.buffer).setUint32(0, MAGIC, true);
  bytes.set(values, 4);
  return bytes;
}

/** What is read is no file of pitch classes. */
export class ChromaError extends Error {
  override name = 'ChromaError';
}

/** Throws `ChromaError` for what is no such file. */
export function decodeChroma(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 4 || (bytes.byteLength - 4) % 12 !== 0 || view.getUint32(0, true) !== MAGIC)
    throw new ChromaError('not a file of pitch classes');
  return bytes.subarray(4);
}
