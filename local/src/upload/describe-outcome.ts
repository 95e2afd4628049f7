import type { Outcome, Sent } from './send-all.ts';

export interface Report extends Outcome {
  readonly account: string;
  readonly skipped: readonly string[];
  readonly endpoint: string;
}

/** What became of an upload, for people: where things went, what failed and why, and what was left out. */
export function describeOutcome({ account, sent, failures, skipped, endpoint }: Report): string {
  const lines = [
    ...(sent.length > 0 ? [`In the account ${account}:`, ...placesOf(sent)] : []),
    `${sent.length} uploaded, ${failures.length} failed`,
    ...failures.map(({ file, code, message }) => `  failed: ${file} — ${code}: ${message}`),
    ...(skipped.length > 0 ? [`${skipped.length} skipped, no audio by their names:`] : []),
    ...skipped.map((file) => `  ${file}`),
    ...(sent.length > 0 ? [`Search the library at ${endpoint}`] : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function placesOf(sent: readonly Sent[]): string[] {
  const byArtist = Map.groupBy(sent, ({ artist }) => artist);
  return [...byArtist].flatMap(([artist, tracks]) => {
    const byAlbum = Map.groupBy(tracks, ({ album }) => album ?? 'no album');
    return [`  ${artist}`, ...[...byAlbum].map(([album, { length }]) => `    ${album}: ${tracksOf(length)}`)];
  });
}

const tracksOf = (count: number) => (count === 1 ? '1 track' : `${count} tracks`);
