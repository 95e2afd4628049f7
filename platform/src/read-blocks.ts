import type { FileHandle } from 'node:fs/promises';

const BLOCK_BYTES = 1 << 18;
/** Enough for all that is read at a time; what the engine gives back otherwise costs it a look at the whole heap. */
const MAX_SPARE = 16;

const spare: Uint8Array[] = [];

/** The first so many bytes of a file, all in the same memory: done with each block, ask for the next. */
export async function* readBlocks(file: FileHandle, sizeBytes: number): AsyncGenerator<Uint8Array> {
  const block = spare.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES);
  try {
    for (let position = 0; position < sizeBytes;) {
      const length = Math.min(block.length, sizeBytes - position);
      const { bytesRead } = await file.read(block, 0, length, position);
      if (bytesRead === 0) throw new Error('the file is shorter than it was');
      yield block.subarray(0, bytesRead);
      position += bytesRead;
    }
  } finally {
    if (spare.length < MAX_SPARE) spare.push(block);
  }
}
