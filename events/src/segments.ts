/**
 * The file behind a `segmentsKey`: a unit vector of each place of a sound, one second after the other, all zeros where
 * there is silence. Behind eight bytes that say how long a vector is come their numbers, row after row, as Float32
 * little-endian.
 */
export interface Segments {
  /** Numbers of a vector. */
  readonly dimension: number;
  readonly values: Float32Array;
}

/** «V1SG»; read as a number it is none that a unit vector can have. */
const MAGIC = 0x47533156;
const HEADER_BYTES = 8;
/** Of a number. */
const BYTES = 4;

/** What a file of segments begins with. */
export function segmentsHeader(dimension: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(HEADER_BYTES));
  view.setUint32(0, MAGIC, true);
  view.setUint32(BYTES, dimension, true);
  return new Uint8Array(view.buffer);
}

/** A file that does not say how long a vector is has vectors as long as those of tracks: `unsaid`. */
export function decodeSegments(bytes: Uint8Array, unsaid: number): Segments {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const says = bytes.byteLength >= HEADER_BYTES && view.getUint32(0, true) === MAGIC;
  const dimension = says ? view.getUint32(BYTES, true) : unsaid;
  const start = says ? HEADER_BYTES : 0;
  // a row that was cut short is none
  const rows = dimension > 0 ? Math.floor((bytes.byteLength - start) / BYTES / dimension) : 0;
  const values = Float32Array.from({ length: rows * dimension }, (_, at) =>
    view.getFloat32(start + at * BYTES, true),
  );
  return { dimension, values };
}
