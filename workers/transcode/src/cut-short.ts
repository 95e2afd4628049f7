import { open } from 'node:fs/promises';

/** As much as an MP3's first frame after a big cover, or an Ogg's last page (64 kB at most), can lie away from an end. */
const LOOK_BYTES = 66_000;
const END_OF_STREAM = 0x04;
const UNKNOWN_SIZE = 0xffffffff;
/** A missing tag at the end of an MP3 is no missing music. */
const SLACK_BYTES = 4096;

/**
 * Whether a file ends before its container says it does: an Ogg whose last page is not marked as the last (RFC 3533
 * §6), a RIFF with fewer bytes than its header states, an MP3 with fewer than its Xing header counts. False where
 * the container says nothing.
 */
export async function isCutShort(file: string, format: string): Promise<boolean> {
  await using handle = await open(file);
  const { size } = await handle.stat();
  const read = async (position: number) => {
    const bytes = Buffer.alloc(Math.min(LOOK_BYTES, size - position));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, position);
    return bytes.subarray(0, bytesRead);
  };
  if (format === 'ogg') return !endsStream(await read(Math.max(0, size - LOOK_BYTES)));
  if (format === 'wav') return lacksRiff(await read(0), size);
  if (format === 'mp3') {
    const start = afterId3(await read(0));
    return start < size && lacksXing(await read(start), size - start);
  }
  return false;
}

function endsStream(tail: Buffer): boolean {
  const page = tail.lastIndexOf('OggS');
  return page >= 0 && ((tail[page + 5] ?? 0) & END_OF_STREAM) !== 0;
}

function lacksRiff(head: Buffer, size: number): boolean {
  if (head.length < 12 || head.toString('latin1', 0, 4) !== 'RIFF') return false;
  const stated = head.readUInt32LE(4);
  return stated !== UNKNOWN_SIZE && stated !== 0 && stated + 8 > size + SLACK_BYTES;
}

/** Where the audio begins: after an ID3v2 tag, whose size is four times seven bits. */
function afterId3(head: Buffer): number {
  if (head.length < 10 || head.toString('latin1', 0, 3) !== 'ID3') return 0;
  return 10 + head.subarray(6, 10).reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0);
}

/** The first frame of an MP3 of variable rate may state how many bytes of audio there are (flag 2). */
function lacksXing(head: Buffer, size: number): boolean {
  const frame = head.subarray(0, 256);
  const at = Math.max(frame.indexOf('Xing'), frame.indexOf('Info'));
  if (at < 0 || frame.length < at + 16) return false;
  const flags = frame.readUInt32BE(at + 4);
  if ((flags & 2) === 0) return false;
  const stated = frame.readUInt32BE(at + 8 + (flags & 1 ? 4 : 0));
  return stated > size + SLACK_BYTES;
}
