/**
 * The file behind a `fingerprintKey`: the landmarks of a recording in the order of time, each a hash of two peaks of
 * the spectrum and the frame of the first. Four bytes each, little-endian: 21 bits of hash, 11 bits of frames since
 * the one before.
 */
export interface Landmarks {
  readonly hashes: Uint32Array;
  readonly frames: Uint32Array;
}

/** Hashes are below this. */
export const LANDMARK_HASHES = 2 ** 21;
export const LANDMARK_FRAME_MS = 32;

const MAGIC = 0x314d4c56; // «VLM1»
const DELTA_BITS = 11;
const MAX_DELTA = 2 ** DELTA_BITS - 1;
/** Stands for time that passes without a landmark. */
const REST = LANDMARK_HASHES - 1;

export function encodeLandmarks({ hashes, frames }: Landmarks): Uint8Array {
  const words = [MAGIC];
  let at = 0;
  for (let i = 0; i < hashes.length; i++) {
    if (hashes[i] === REST) continue;
    for (; frames[i]! - at > MAX_DELTA; at += MAX_DELTA) words.push(((REST << DELTA_BITS) | MAX_DELTA) >>> 0);
    words.push(((hashes[i]! << DELTA_BITS) | (frames[i]! - at)) >>> 0);
    at = frames[i]!;
  }
  const view = new DataView(new ArrayBuffer(words.length * 4));
  for (const [i, word] of words.entries()) view.setUint32(i * 4, word, true);
  return new Uint8Array(view.buffer);
}

/** What is read is no file of landmarks. */
export class LandmarksError extends Error {
  override name = 'LandmarksError';
}

/** Throws `LandmarksError` for what is no such file. */
export function decodeLandmarks(bytes: Uint8Array): Landmarks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength % 4 !== 0 || bytes.byteLength < 4 || view.getUint32(0, true) !== MAGIC)
    throw new LandmarksError('not a file of landmarks');
  const most = bytes.byteLength / 4 - 1;
  const hashes = new Uint32Array(most);
  const frames = new Uint32Array(most);
  let at = 0;
  let count = 0;
  for (let i = 1; i <= most; i++) {
    const word = view.getUint32(i * 4, true);
    at += word & MAX_DELTA;
    const hash = word >>> DELTA_BITS;
    if (hash === REST) continue;
    hashes[count] = hash;
    frames[count++] = at;
  }
  return { hashes: hashes.subarray(0, count), frames: frames.subarray(0, count) };
}
