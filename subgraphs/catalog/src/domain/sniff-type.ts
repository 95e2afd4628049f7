import { buffer } from 'node:stream/consumers';

import type { Objects } from '@volna/platform/objects';
import { fileTypeFromBuffer } from 'file-type';

import { type Family, familyOfType } from './upload-policy.ts';

/** Enough for every signature that file-type knows. */
const HEAD_BYTES = 8 * 1024;
const ID3_BYTES = 10;

/** What the first bytes of an object are, whatever it is called; null for everything that is no audio. */
export async function sniffFamily(objects: Objects, key: string, sizeBytes: number): Promise<Family | null> {
  const head = await readAt(objects, key, 0);
  const audioAt = endOfId3(head);
  // tags with a cover are longer than the head, and both MP3 and FLAC may begin with them
  if (audioAt === 0) return familyOfBytes(head);
  if (audioAt >= sizeBytes) return null;
  return familyOfBytes(await readAt(objects, key, audioAt));
}

/** The media type that the first bytes of an object show; null where they show none. */
export async function sniffType(objects: Objects, key: string): Promise<string | null> {
  const type = await fileTypeFromBuffer(await readAt(objects, key, 0));
  return type?.mime ?? null;
}

async function familyOfBytes(bytes: Uint8Array): Promise<Family | null> {
  const type = await fileTypeFromBuffer(bytes);
  return type ? familyOfType(type.mime.split(';')[0] ?? '') : null;
}

async function readAt(objects: Objects, key: string, start: number): Promise<Buffer> {
  const { body } = await objects.read(key, { start, end: start + HEAD_BYTES - 1 });
  return buffer(body);
}

/** Where the audio behind an ID3v2 tag begins (id3.org, §3.1): four bytes of seven bits each, big-endian. */
function endOfId3(head: Buffer): number {
  if (head.length < ID3_BYTES || head.toString('latin1', 0, 3) !== 'ID3') return 0;
  const size = head.subarray(6, ID3_BYTES).reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0);
  const hasFooter = ((head[5] ?? 0) & 0x10) !== 0;
  return ID3_BYTES + size + (hasFooter ? ID3_BYTES : 0);
}
