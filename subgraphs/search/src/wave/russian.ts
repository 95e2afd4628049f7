import type { ListWords, NewsWords, Words, WishValue } from './words.ts';

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

const VALUES: Readonly<Record<string, string>> = {
  ANY: 'любое',
  FUN: 'весёлое',
  ACTIVE: 'бодрое',
  CALM: 'спокойное',
  SAD: 'грустное',
  WAKE_UP: 'пробуждение',
  WORK: 'работа',
  WORKOUT: 'тренировка',
  ROAD: 'дорога',
  PARTY: 'вечеринка',
  SLEEP: 'сон',
  DEFAULT: 'как выйдет',
  FAVOURITE: 'любимое',
  POPULAR: 'популярное',
  DISCOVER: 'новое',
  ALLOW: 'да',
  EXCLUDE: 'нет',
  FLAT: 'ровно',
  RISE: 'по нарастающей',
  FALL: 'на спад',
  ARC: 'вверх и снова вниз',
};

const NEWS: NewsWords = {
  skipped: (title, anchor) =>
    `Пропущено: ${title ?? 'один трек'}. ${anchor === null ? 'Похожего будет меньше' : `Меньше будет того, что звучит как ${anchor}`}.`,
  disliked: (title) => `Вам не нравится ${title ?? 'этот трек'}: больше не прозвучит.`,
  notNow: (title) => `Не сейчас: ${title ?? 'этот трек'}.`,
  blocked: (artist) => `Больше не звучит: ${artist ?? 'этот исполнитель'}.`,
  gone: 'Один из треков убран.',
  shaken: 'Встряхнули: теперь другое.',
  wishes: {
    mood: 'настроение',
    activity: 'занятие',
    familiarity: 'знакомое или новое',
    languages: 'языки',
    explicit: 'треки с ненормативной лексикой',
    exploration: 'доля нового',
    energyCurve: 'энергия',
    excludesAiSuspected: 'без синтетических голосов',
  },
  value: sayValue,
  tuned: (changes) =>
    changes.length === 0 ? 'Подобрано заново, как настроено.' : `Настроено. ${changes.join('; ')}.`,
  ended: (isNarrow) =>
    isNarrow
      ? 'В библиотеке нет того, что вы просили и что можно сыграть.'
      : 'В библиотеке нет ничего, что можно сыграть.',
};

function sayValue(value: WishValue): string {
  if (typeof value === 'boolean') return value ? 'да' : 'нет';
  if (typeof value === 'object') return value.length === 0 ? 'любые' : value.join(', ');
  return VALUES[value] ?? String(value);
}

const LISTS: ListWords = {
  ownOfRadio: (title) => `Отсюда началось радио: ${title}.`,
  radioSeed: (title) => `${title} — с этого началось радио`,
  discoverWeekly: 'Открытия недели',
  becauseYouListened: (title) => `Потому что вы слушали трек ${title}`,
  artists: (artists, isMore) => (isMore ? `${artists.join(', ')} и другие` : artists.join(', ')),
  trait: say,
};

export const RUSSIAN: Words = {
  news: NEWS,
  lists: LISTS,
  quote: (title) => `«${title}»`,
  own: {
    LIKED: 'Из того, что вам нравится.',
    ADDED: 'Вы добавили этот трек в плейлист.',
    FINISHED: 'Вы уже дослушивали этот трек до конца.',
  },
  because: {
    LIKED: (title) => `Потому что вам нравится ${title}.`,
    ADDED: (title) => `Потому что в вашем плейлисте есть ${title}.`,
    FINISHED: (title) => `Потому что вы дослушали до конца трек ${title}.`,
  },
  anchor: {
    LIKED: (title) => `${title} — это вам нравится`,
    ADDED: (title) => `${title} — это вы добавили в плейлист`,
    FINISHED: (title) => `${title} — это вы дослушали до конца`,
  },
  becauseSeed: (title) => `Потому что с этого началась волна: ${title}.`,
  seed: (title) => `${title} — с этого началась волна`,
  near: (anchor, isAlike) => `${isAlike ? 'похоже звучит' : 'среди самого похожего здесь на'} ${anchor}.`,
  asked: (words) => words.split(' and ').map(say).join(', '),
  askedAnd: (asked, near) => `${asked}; ${near}`,
  sameArtist: (artist, title) =>
    title === null
      ? `Исполнитель — ${artist}: часть того, с чего началась волна.`
      : `Исполнитель — ${artist}: ${title} вам по вкусу.`,
  soundsLike: (artist, title) =>
    `${artist} звучит похоже на то, ${title === null ? 'с чего началась волна' : `что вам по вкусу: ${title}`}.`,
  genre: (genre, title) => `${genre}, как ${title === null ? BEGINNING : `${title} — это вам по вкусу`}.`,
  listeners: (support, title) =>
    `Это слушают и ${count(support, 'слушатель', 'слушателя', 'слушателей')} трека ${title}.`,
  popular: (plays) => `Популярно здесь: ${count(plays, 'прослушивание', 'прослушивания', 'прослушиваний')}.`,
  fresh: (at, genre, heard) =>
    `${genre === undefined ? 'Новое' : `Новое, ${genre}`}: добавлено ${DATE.format(at)}${heard ? '' : '; вы этого ещё не слышали'}.`,
  freshGenre: (genre, heard) => `${genre}: новое здесь${heard ? '' : ' и для вас'}.`,
  freshArtist: (artist, heard) =>
    `Новое здесь, исполнитель — ${artist}${heard ? '' : '; вы этого ещё не слышали'}.`,
  freshFeeling: (feeling, heard) => `${say(feeling)}: новое здесь${heard ? '' : ' и для вас'}.`,
  inCommon: (traits, title) => `${traits.map(say).join(', ')}: таков и трек ${title}, он вам по вкусу.`,
  exploring: (testing) => `Пробуем другое: ${say(testing)}.`,
  degraded: '(Найти похожее по звучанию сейчас нельзя: выбрано из популярного, нового и вашего.)',
};
