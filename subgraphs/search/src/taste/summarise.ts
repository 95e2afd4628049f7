import type { Deps } from '../context.ts';
import { traitsOf } from '../wave/traits.ts';
import { tasteOf } from './taste-sql.ts';

/** The latest anchors that a summary is made of. */
const MOST_ANCHORS = 1_000;
const MOST_TRAITS = 12;
const MOST_ARTISTS = 20;

export interface Share {
  readonly name: string;
  /** 0–1, of the weight of all anchors. */
  readonly share: number;
}

export interface Sound {
  readonly tempo: number | null;
  readonly energy: number | null;
  readonly valence: number | null;
}

export interface TasteSummary {
  /** Genres, and where a track has none how it feels. */
  readonly traits: Share[];
  /** By artist id. */
  readonly artists: Share[];
  /** Means by weight, of the tracks of which it is known. */
  readonly sound: Sound;
}

interface Row extends Sound {
  readonly weight: number;
  readonly artistId: string;
  readonly genres: string[];
}

/** What a user's anchors have in common, in one statement. */
export async function summarise({ db }: Pick<Deps, 'db'>, userId: string): Promise<TasteSummary> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT taste.weight, t.artist_id AS "artistId", t.genres, t.tempo, t.energy, t.valence
    FROM (${tasteOf(userId)}) taste JOIN indexed_track t ON t.id = taste.track_id
    ORDER BY taste.at DESC, t.id LIMIT ${MOST_ANCHORS}`;
  return {
    traits: sharesOf(rows, traitsOf).slice(0, MOST_TRAITS),
    artists: sharesOf(rows, ({ artistId }) => [artistId]).slice(0, MOST_ARTISTS),
    sound: {
      tempo: meanOf(rows, 'tempo'),
      energy: meanOf(rows, 'energy'),
      valence: meanOf(rows, 'valence'),
    },
  };
}

/** The names as they are spelt most often, largest share first. */
function sharesOf(rows: readonly Row[], namesOf: (row: Row) => readonly string[]): Share[] {
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  const found = new Map<string, Share>();
  for (const row of rows) {
    for (const name of new Set(namesOf(row))) {
      const key = name.toLowerCase();
      const before = found.get(key) ?? { name, share: 0 };
      found.set(key, { ...before, share: before.share + row.weight / total });
    }
  }
  return [...found.values()].toSorted((a, b) => b.share - a.share || (a.name < b.name ? -1 : 1));
}

function meanOf(rows: readonly Row[], trait: keyof Sound): number | null {
  let [sum, weights] = [0, 0];
  for (const row of rows) {
    const value = row[trait];
    if (value === null) continue;
    sum += value * row.weight;
    weights += row.weight;
  }
  return weights === 0 ? null : sum / weights;
}
