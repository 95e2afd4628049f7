import { PostingFile } from './posting-file.ts';
import type { Postings } from './recent-postings.ts';

/** Writes the postings of two files into one, hash by hash, without those of recordings that are gone. */
export function mergePostings(
  path: string,
  older: PostingFile,
  newer: PostingFile,
  isGone: (track: number) => boolean,
): Promise<PostingFile> {
  return PostingFile.write(path, older.size + newer.size, async (from, to, counts) => {
    const [a, b] = await Promise.all([older.readWindow(from, to), newer.readWindow(from, to)]);
    const both = new Uint32Array(a.length + b.length);
    let [filled, atA, atB] = [0, 0, 0];
    const copy = (source: Postings, start: number, count: number) => {
      const before = filled;
      for (let i = start; i < start + 2 * count; i += 2) {
        if (isGone(source[i]!)) continue;
        both[filled++] = source[i]!;
        both[filled++] = source[i + 1]!;
      }
      return (filled - before) / 2;
    };
    for (let hash = from; hash < to; hash++) {
      const [countA, countB] = [older.countOf(hash), newer.countOf(hash)];
      counts[hash - from] = copy(a, atA, countA) + copy(b, atB, countB);
      atA += 2 * countA;
      atB += 2 * countB;
    }
    return both.subarray(0, filled);
  });
}
