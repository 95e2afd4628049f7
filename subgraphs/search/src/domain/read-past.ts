import type { Transaction } from '../database.ts';
import { decodeVector } from '../ranking/vector.ts';
import type { PastPick } from '../wave/rules.ts';
import type { Sound } from '../wave/transition.ts';
import type { ItemState } from './wave-session.ts';

/** How far back a wave remembers what it played, and how far back it compares sounds and albums. */
const MEMORY = 300;
const COMPARED = 20;

interface Row {
  readonly trackId: string;
  readonly artistId: string;
  readonly recordingKey: string;
  readonly exploratory: boolean;
  readonly state: ItemState;
  readonly trackIds: string[] | null;
}

interface SoundRow extends Sound {
  readonly id: string;
  readonly embedding: Uint8Array | null;
  readonly albumIds: string[];
}

export interface Past {
  /** In order. */
  readonly past: PastPick[];
  /** Items since the last that was skipped; infinite where none was. */
  readonly sinceSkip: number;
  /** The track before the next item, where that was no album. */
  readonly last: Sound | null;
}

/** Of a wave that has not begun. */
export const NO_PAST: Past = { past: [], sinceSkip: Infinity, last: null };

/** What a wave has played or holds ready. */
export async function readPast(tx: Transaction, waveId: string): Promise<Past> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT i.track_id AS "trackId", t.artist_id AS "artistId", t.recording_key AS "recordingKey",
      i.exploratory, i.state, a.track_ids AS "trackIds"
    FROM wave_item i JOIN indexed_track t ON t.id = i.track_id
    LEFT JOIN album_tracks a ON a.album_id = i.album_id
    WHERE i.wave_id = ${waveId} AND i.state <> 'REMOVED'
    ORDER BY i.seq DESC LIMIT ${MEMORY}`;
  const lately = await readSounds(
    tx,
    rows.slice(0, COMPARED).map(({ trackId }) => trackId),
  );
  const lastSkip = rows.findIndex(({ state }) => state === 'SKIPPED');
  const past = rows.map(({ trackIds, state: _state, ...row }) => {
    const sound = lately.get(row.trackId);
    return {
      ...row,
      trackIds: trackIds ?? [],
      albumIds: sound?.albumIds ?? [],
      vector: sound?.embedding ? decodeVector(sound.embedding) : null,
    };
  });
  const [newest] = rows;
  const last = newest && newest.trackIds === null ? (lately.get(newest.trackId) ?? null) : null;
  return { past: past.toReversed(), sinceSkip: lastSkip < 0 ? Infinity : lastSkip, last };
}

async function readSounds(tx: Transaction, trackIds: readonly string[]): Promise<Map<string, SoundRow>> {
  const rows = await tx.$queryRaw<SoundRow[]>`
    SELECT t.id, t.embedding, t.tempo, t.musical_key AS "musicalKey", t.loudness_lufs AS "loudnessLufs",
      t.album_ids AS "albumIds"
    FROM indexed_track t WHERE t.id = ANY (${[...trackIds]}::text[])`;
  return new Map(rows.map((row) => [row.id, row]));
}
