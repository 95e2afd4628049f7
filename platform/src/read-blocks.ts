import type { FileHandle } from 'node:fs/promises';

const BLOCK_BYTES = 1 << 18;

/** The first so many bytes of a file, all in the same memory: done with each block, ask for the next. */
export async function* readBlocks(file: FileHandle, sizeBytes: number): AsyncGenerator<Uint8Array> {
  const block = Buffer.allocUnsafeSlow(Math.min(BLOCK_BYTES, sizeBytes));
  for (let position = 0; position < sizeBytes;) {
    const length = Math.min(block.length, sizeBytes - position);
    const { bytesRead } = await file.read(block, 0, length, position);
    if (bytesRead === 0) throw new Error('the file is shorter than it was');
    yield block.subarray(0, bytesRead);
    position += bytesRead;
  }
}
