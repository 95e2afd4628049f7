import type { Deps } from '../context.ts';
import { DEFAULT_EXPLORATION, MAX_EXPLORATION } from '../wave/explore.ts';
import { ACTIVITIES, ENERGY_CURVES, EXPLICIT_POLICIES, FAMILIARITIES, MOODS } from '../wave/state.ts';

const MOST_LANGUAGES = 50;
const NAMES: Readonly<Record<string, string>> = {
  ANY: 'Any',
  DEFAULT: 'As it comes',
  FAVOURITE: 'Favourites',
  ALLOW: 'All tracks',
  EXCLUDE: 'Nothing explicit',
  FLAT: 'As it comes',
  RISE: 'Growing energy',
  FALL: 'Falling energy',
  ARC: 'Up and down again',
};
const SEEDS = ['Track', 'Artist', 'Album', 'Playlist', 'Genre', 'Tag'];
const FEEDBACK = [
  'STARTED',
  'FINISHED',
  'SKIPPED',
  'LIKED',
  'DISLIKED',
  'BLOCK_ARTIST',
  'NOT_NOW',
  'REPLAYED',
];
const LANGUAGES = new Intl.DisplayNames(['en'], { type: 'language' });

interface Option {
  readonly value: string;
  readonly name: string;
}

/** What a wave can be asked for. */
export async function readWaveOptions({ db }: Pick<Deps, 'db'>) {
  return {
    moods: toOptions(MOODS),
    activities: toOptions(ACTIVITIES),
    familiarities: toOptions(FAMILIARITIES),
    explicit: toOptions(EXPLICIT_POLICIES),
    energyCurves: toOptions(ENERGY_CURVES),
    languages: await readLanguages(db),
    seeds: toOptions(SEEDS),
    feedback: toOptions(FEEDBACK),
    exploration: { min: 0, max: MAX_EXPLORATION, default: DEFAULT_EXPLORATION },
  };
}

const toOptions = (values: readonly string[]): Option[] =>
  values.map((value) => ({ value, name: NAMES[value] ?? inWords(value) }));

function inWords(value: string): string {
  const words = value.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

async function readLanguages(db: Deps['db']): Promise<Option[]> {
  const rows = await db.indexedTrack.groupBy({
    by: ['language'],
    where: { isOpen: true, language: { not: null } },
    _count: true,
    orderBy: [{ _count: { language: 'desc' } }, { language: 'asc' }],
    take: MOST_LANGUAGES,
  });
  return rows.flatMap(({ language }) =>
    language === null ? [] : [{ value: language, name: nameOf(language) }],
  );
}

/** Files say all kinds of things of their language. */
function nameOf(language: string): string {
  try {
    return LANGUAGES.of(language) ?? language;
  } catch {
    return language;
  }
}
