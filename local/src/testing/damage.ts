import { open } from 'node:fs/promises';

/** Changes one bit. */
export async function flip(file: string, at: number): Promise<void> {
  await using handle = await open(file, 'r+');
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, at);
  await handle.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, at);
}

/** Writes over the first place at which a text is in the first block of a file. */
export async function replaceIn(file: string, from: string, to: string): Promise<void> {
  await using handle = await open(file, 'r+');
  const { buffer } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
  const at = buffer.indexOf(from);
  if (at < 0) throw new Error(`no ${from} at the beginning`);
  await handle.write(Buffer.from(to), 0, to.length, at);
}
