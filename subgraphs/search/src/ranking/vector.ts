const IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Cosine of two unit vectors; 0 for vectors of different models. */
export function cosine(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return 0;
  let one = 0;
  let two = 0;
  let three = 0;
  let four = 0;
  const whole = a.length - (a.length % 4);
  // four sums, for a processor that can add while it multiplies; casts and not `??`: it is the innermost loop of every wave
  for (let at = 0; at < whole; at += 4) {
    one += (a[at] as number) * (b[at] as number);
    two += (a[at + 1] as number) * (b[at + 1] as number);
    three += (a[at + 2] as number) * (b[at + 2] as number);
    four += (a[at + 3] as number) * (b[at + 3] as number);
  }
  for (let at = whole; at < a.length; at++) one += (a[at] as number) * (b[at] as number);
  return one + two + (three + four);
}

/** The same direction with length 1; a null vector stays what it is. */
export function toUnit(vector: readonly number[] | Float32Array): Float32Array {
  const unit = Float32Array.from(vector);
  const length = Math.hypot(...unit);
  return length > 0 ? unit.map((value) => value / length) : unit;
}

export function encodeVector(vector: readonly number[] | Float32Array): Uint8Array<ArrayBuffer> {
  const bytes = new DataView(new ArrayBuffer(vector.length * 4));
  for (const [index, value] of vector.entries()) bytes.setFloat32(index * 4, value, true);
  return new Uint8Array(bytes.buffer);
}

export function decodeVector(bytes: Uint8Array): Float32Array {
  const count = Math.floor(bytes.byteLength / 4);
  if (!IS_LITTLE_ENDIAN) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Float32Array.from({ length: count }, (_, index) => view.getFloat32(index * 4, true));
  }
  // a copy, since what comes from the database may begin at any byte of a larger buffer
  const vector = new Float32Array(count);
  new Uint8Array(vector.buffer).set(bytes.subarray(0, count * 4));
  return vector;
}

/** Vectors that lie one after the other, each so many bytes long; null for one that is missing. They share their memory. */
export function decodeVectors(
  bytes: Uint8Array,
  lengths: readonly (number | null)[],
): (Float32Array | null)[] {
  const numbers = decodeVector(bytes);
  let end = 0;
  return lengths.map((length) => {
    if (length === null) return null;
    const from = end;
    end += length / 4;
    return numbers.subarray(from, end);
  });
}
