import type { ByteRange } from './objects.ts';

const SINGLE = /^bytes=(\d*)-(\d*)$/;

/**
 * What a `Range` header asks of a body of so many bytes (RFC 9110 §14): null where the whole body is the
 * answer, which also goes for several ranges and for what is no range of bytes.
 */
export function parseRange(
  header: string | undefined,
  sizeBytes: number,
): ByteRange | 'unsatisfiable' | null {
  const [, first = '', last = ''] = SINGLE.exec(header ?? '') ?? [];
  if (first === '' && last === '') return null;
  if (first === '') return suffixOf(Number(last), sizeBytes);
  if (last !== '' && Number(last) < Number(first)) return null;
  return clampRange({ start: Number(first), end: last === '' ? Infinity : Number(last) }, sizeBytes);
}

/** The part of a range that a body of so many bytes has. */
export function clampRange({ start, end }: ByteRange, sizeBytes: number): ByteRange | 'unsatisfiable' {
  return start < sizeBytes ? { start, end: Math.min(end, sizeBytes - 1) } : 'unsatisfiable';
}

function suffixOf(count: number, sizeBytes: number): ByteRange | 'unsatisfiable' {
  if (count === 0 || sizeBytes === 0) return 'unsatisfiable';
  return { start: Math.max(0, sizeBytes - count), end: sizeBytes - 1 };
}
