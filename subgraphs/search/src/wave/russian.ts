import type { ReasonWords } from './words.ts';

const DATE = new Intl.DateTimeFormat('ru-RU', { dateStyle: 'long', timeZone: 'UTC' });
const PLURAL = new Intl.PluralRules('ru-RU');

/** What the records hold in English words: requests and feelings. */
const WORDS: Readonly<Record<string, string>> = {
  fun: 'весёлое',
  active: 'бодрое',
  calm: 'спокойное',
  sad: 'грустное',
  'fit for waking up': 'для пробуждения',
  'fit for work': 'для работы',
  'fit for a workout': 'для тренировки',
  'fit for the road': 'для дороги',
  'fit for a party': 'для вечеринки',
  'fit for sleep': 'для сна',
  'slow music': 'медленная музыка',
  'fast music': 'быстрая музыка',
  'quiet music': 'тихая музыка',
  'energetic music': 'энергичная музыка',
  'dark music': 'мрачная музыка',
  'bright music': 'светлая музыка',
};

const say = (words: string): string => WORDS[words] ?? words;

/** The form of a noun after a number: «1 раз, 2 раза, 5 раз». */
function count(number: number, one: string, few: string, many: string): string {
  const form = PLURAL.select(number);
  return `${number} ${form === 'one' ? one : form === 'few' ? few : many}`;
}
const BEGINNING = 'то, с чего началась волна';

export const RUSSIAN: ReasonWords = {
  quote: (title) => `«${title}»`,
  own: {
    LIKED: 'Из того, что вам нравится.',
    ADDED: 'Вы добавили этот трек в плейлист.',
    FINISHED: 'Вы уже дослушивали этот трек до конца.',
  },
  because: {
    LIKED: (title) => `Потому что вам нравится ${title}.`,
    ADDED: (title) => `Потому что вы добавили в плейлист ${title}.`,
    FINISHED: (title) => `Потому что вы дослушали до конца ${title}.`,
  },
  anchor: {
    LIKED: (title) => `${title} — это вам нравится`,
    ADDED: (title) => `${title} — это вы добавили в плейлист`,
    FINISHED: (title) => `${title} — это вы дослушали до конца`,
  },
  becauseSeed: (title) => `Потому что волна началась с ${title}.`,
  seed: (title) => `${title} — с этого началась волна`,
  near: (anchor, isAlike) => `${isAlike ? 'похоже на' : 'ближе всего здесь к'} ${anchor}.`,
  asked: (words) => words.split(' and ').map(say).join(', '),
  askedAnd: (asked, near) => `${asked}; ${near}`,
  sameArtist: (artist, title) =>
    title === null
      ? `Ещё от ${artist}: это часть того, с чего началась волна.`
      : `Ещё от ${artist}: ${title} вам по вкусу.`,
  soundsLike: (artist, title) =>
    `${artist} звучит похоже на ${title === null ? BEGINNING : `${title} — это вам по вкусу`}.`,
  genre: (genre, title) => `${genre}, как ${title === null ? BEGINNING : `${title} — это вам по вкусу`}.`,
  listeners: (support, title) =>
    `Это слушают и ${count(support, 'слушатель', 'слушателя', 'слушателей')} трека ${title}.`,
  popular: (plays) => `Популярно здесь: ${count(plays, 'прослушивание', 'прослушивания', 'прослушиваний')}.`,
  fresh: (at, genre, heard) =>
    `${genre === undefined ? 'Новое' : `Новое, ${genre}`}: добавлено ${DATE.format(at)}${heard ? '' : '; вы этого ещё не слышали'}.`,
  exploring: (testing) => `Пробуем другое: ${say(testing)}.`,
  degraded: '(Найти похожее по звучанию сейчас нельзя: выбрано из популярного, нового и вашего.)',
};
