/** MPEG-1 Layer III, 128 kbit/s, 44.1 kHz: a frame of silence. */
const FRAME = Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x00]), Buffer.alloc(413)]);

/** How the bytes of a text frame are to be read, as ID3v2 numbers it. */
const LATIN1 = 0;

export interface Frame {
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly encoding?: 0 | 1 | 2 | 3;
}

/** A text frame of Latin-1, or of whatever the bytes are. */
export function textFrame(
  id: string,
  text: string | Uint8Array,
  encoding: Frame['encoding'] = LATIN1,
): Frame {
  return { id, bytes: typeof text === 'string' ? Buffer.from(text, 'latin1') : text, encoding };
}

/** An MP3 of silence with an ID3v2 tag in front, 26 ms a frame. */
export function mp3(frames: readonly Frame[], { version = 3, count = 20 } = {}): Buffer {
  const body = Buffer.concat(frames.map((frame) => encodeFrame(frame, version)));
  const header = Buffer.from([0x49, 0x44, 0x33, version, 0, 0, ...synchsafe(body.length)]);
  return Buffer.concat([header, body, ...Array.from({ length: count }, () => FRAME)]);
}

function encodeFrame({ id, bytes, encoding = LATIN1 }: Frame, version: number): Buffer {
  const size = bytes.length + 1;
  const plain = Buffer.alloc(4);
  plain.writeUInt32BE(size);
  const header =
    version === 2
      ? [...Buffer.from(id), ...plain.subarray(1)]
      : [...Buffer.from(id), ...(version === 4 ? synchsafe(size) : plain), 0, 0];
  return Buffer.concat([Buffer.from([...header, encoding]), bytes]);
}

/** Four bytes of seven bits each. */
function synchsafe(value: number): number[] {
  return [21, 14, 7, 0].map((shift) => (value >> shift) & 0x7f);
}
