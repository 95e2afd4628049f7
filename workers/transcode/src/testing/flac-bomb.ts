const BLOCK = 65_535;
const RATE = 44_100;

/**
 * A FLAC file of silence, about 10 bytes a second: constant subframes of the largest block there is
 * (RFC 9639 §9). `declaredSeconds` is what its STREAMINFO claims, true or not.
 */
export function flacBomb(seconds: number, declaredSeconds = seconds): Buffer {
  const frames = Math.ceil((seconds * RATE) / BLOCK);
  return Buffer.concat([
    Buffer.from('fLaC'),
    streamInfo(declaredSeconds * RATE),
    ...Array.from({ length: frames }, (_, index) => silentFrame(index)),
  ]);
}

function streamInfo(samples: number): Buffer {
  const block = Buffer.alloc(4 + 34);
  block.writeUInt32BE(0x80_00_00_22, 0); // the last metadata block, of 34 bytes
  block.writeUInt16BE(BLOCK, 4);
  block.writeUInt16BE(BLOCK, 6);
  // 20 bits of rate, 3 of channels - 1, 5 of bits - 1, 36 of samples
  const packed = (BigInt(RATE) << 44n) | (15n << 36n) | BigInt(samples);
  block.writeBigUInt64BE(packed, 14);
  return block;
}

function silentFrame(index: number): Buffer {
  // block size in 16 bits at the end, 44.1 kHz, mono, 16 bits a sample
  const header = Buffer.from([
    0xff,
    0xf8,
    0x79,
    0x08,
    ...utf8Number(index),
    (BLOCK - 1) >> 8,
    (BLOCK - 1) & 0xff,
  ]);
  const body = Buffer.concat([header, Buffer.from([crc(header, 8, 0x07), 0, 0, 0])]);
  const footer = Buffer.alloc(2);
  footer.writeUInt16BE(crc(body, 16, 0x8005));
  return Buffer.concat([body, footer]);
}

/** FLAC writes frame numbers as UTF-8 writes code points. */
function utf8Number(value: number): number[] {
  if (value < 0x80) return [value];
  const tail: number[] = [];
  let rest = value;
  let room = 0x3f;
  while (rest > room) {
    tail.unshift(0x80 | (rest & 0x3f));
    rest >>= 6;
    room >>= 1;
  }
  return [(~(room * 2 + 1) & 0xff) | rest, ...tail];
}

function crc(bytes: Buffer, bits: 8 | 16, polynomial: number): number {
  const top = 1 << (bits - 1);
  const mask = (1 << bits) - 1;
  let value = 0;
  for (const byte of bytes) {
    value ^= byte << (bits - 8);
    for (let bit = 0; bit < 8; bit++) value = (value & top ? (value << 1) ^ polynomial : value << 1) & mask;
  }
  return value;
}
