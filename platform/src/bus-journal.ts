import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';

import { type Journal, JournalRecord, type Line, type Place } from './bus-journal-record.ts';
import { logger } from './log.ts';

const NEWLINE = 0x0a;
const REWRITE_CHUNK_BYTES = 1 << 20;

interface Append {
  readonly line: Buffer;
  readonly written: (place: Place) => void;
  readonly failed: (err: unknown) => void;
}

/**
 * Lines at the end of a file. Written, not synced: they outlive the process, not the power. Appends of one
 * moment share one write.
 */
export class FileJournal implements Journal {
  readonly #file: string;
  #handle: FileHandle;
  #sizeBytes: number;
  #appends: Append[] = [];
  #last: Promise<unknown> = Promise.resolve();

  private constructor(file: string, handle: FileHandle, sizeBytes: number) {
    this.#file = file;
    this.#handle = handle;
    this.#sizeBytes = sizeBytes;
  }

  /** Tells of each record that is there; a last line that was not written to its end is cut off. */
  static async open(
    file: string,
    onRecord: (record: JournalRecord, place: Place) => void,
  ): Promise<FileJournal> {
    const handle = await open(file, 'a+').then(async (created) => {
      await created.close();
      return open(file, 'r+');
    });
    const sizeBytes = await replay(file, onRecord);
    await handle.truncate(sizeBytes);
    return new FileJournal(file, handle, sizeBytes);
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  append(record: JournalRecord): Promise<Place> {
    const line = Buffer.from(`${JSON.stringify(record)}\n`);
    return new Promise((written, failed) => {
      this.#appends.push({ line, written, failed });
      if (this.#appends.length === 1) void this.#exclusively(() => this.#flush());
    });
  }

  async #flush(): Promise<void> {
    const appends = this.#appends;
    this.#appends = [];
    try {
      const bytes = Buffer.concat(appends.map(({ line }) => line));
      await writeAll(this.#handle, bytes, this.#sizeBytes);
      for (const { line, written } of appends) {
        written({ offset: this.#sizeBytes, length: line.length });
        this.#sizeBytes += line.length;
      }
    } catch (err) {
      for (const { failed } of appends) failed(err);
      // half a line would spoil the next one
      await this.#handle.truncate(this.#sizeBytes).catch(() => undefined);
    }
  }

  async read(place: Place): Promise<JournalRecord> {
    if ('record' in place) return place.record;
    return JournalRecord.parse(JSON.parse((await readLine(this.#handle, place)).toString()));
  }

  rewrite(lines: () => Iterable<Line>): Promise<void> {
    return this.#exclusively(async () => {
      const next = await open(`${this.#file}.next`, 'w+');
      const { sizeBytes, moves } = await copyLines(this.#handle, next, lines());
      await rename(`${this.#file}.next`, this.#file);
      const previous = this.#handle;
      this.#handle = next;
      this.#sizeBytes = sizeBytes;
      for (const move of moves) move();
      await previous.close();
    });
  }

  async close(): Promise<void> {
    await this.#exclusively(() => this.#handle.close());
  }

  /** One change of the file after the other. */
  #exclusively<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#last.then(run);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

async function copyLines(from: FileHandle, to: FileHandle, lines: Iterable<Line>) {
  const moves: (() => void)[] = [];
  let chunk: Buffer[] = [];
  let [flushedBytes, sizeBytes] = [0, 0];
  const flush = async () => {
    await writeAll(to, Buffer.concat(chunk), flushedBytes);
    flushedBytes = sizeBytes;
    chunk = [];
  };
  for (const line of lines) {
    const bytes =
      'record' in line ? Buffer.from(`${JSON.stringify(line.record)}\n`) : await readLine(from, line.place);
    const place = { offset: sizeBytes, length: bytes.length };
    if ('moved' in line) moves.push(() => line.moved(place));
    chunk.push(bytes);
    sizeBytes += bytes.length;
    if (sizeBytes - flushedBytes > REWRITE_CHUNK_BYTES) await flush();
  }
  await flush();
  return { sizeBytes, moves };
}

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}

async function readLine(handle: FileHandle, place: Place): Promise<Buffer> {
  if ('record' in place) throw new Error('a place in memory');
  const bytes = Buffer.alloc(place.length);
  await handle.read(bytes, 0, place.length, place.offset);
  return bytes;
}

/** Reads all whole lines; gives the position after the last one. */
async function replay(
  file: string,
  onRecord: (record: JournalRecord, place: Place) => void,
): Promise<number> {
  let rest = Buffer.alloc(0);
  let offset = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    rest = Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE, start)) {
      const length = end + 1 - start;
      tell(rest.subarray(start, end), { offset: offset + start, length }, onRecord);
      start = end + 1;
    }
    offset += start;
    rest = rest.subarray(start);
  }
  return offset;
}

function tell(line: Buffer, place: Place, onRecord: (record: JournalRecord, place: Place) => void): void {
  try {
    onRecord(JournalRecord.parse(JSON.parse(line.toString())), place);
  } catch (err) {
    logger.error({ err, place }, 'line of the journal cannot be read');
  }
}
