import type { ListWords, NewsWords, Words, WishValue } from './words.ts';

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
const BEGINNING = 'what this wave began from';

const NEWS: NewsWords = {
  skipped: (title, anchor) =>
    `You skipped ${title ?? 'a track'}: less ${anchor === null ? 'like it' : `of what is like ${anchor}`}.`,
  disliked: (title) => `You dislike ${title ?? 'a track'}: it will not come back.`,
  notNow: (title) => `Not ${title ?? 'this'} now.`,
  blocked: (artist) => `No more of ${artist ?? 'this artist'}.`,
  gone: 'A track was taken down.',
  shaken: 'Shaken: something else.',
  wishes: {
    mood: 'mood',
    activity: 'activity',
    familiarity: 'familiarity',
    languages: 'languages',
    explicit: 'explicit tracks',
    exploration: 'exploration',
    energyCurve: 'energy',
    excludesAiSuspected: 'without synthetic voices',
  },
  value: sayValue,
  tuned: (changes) =>
    changes.length === 0 ? 'Picked anew, as it was tuned.' : `Tuned. ${changes.join('; ')}.`,
  ended: (isNarrow) =>
    isNarrow
      ? 'Nothing in the library that may be played is what you asked for.'
      : 'Nothing in the library may be played.',
};

function sayValue(value: WishValue): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'object') return value.length === 0 ? 'any' : value.join(', ');
  return String(value).toLowerCase().replaceAll('_', ' ');
}

const LISTS: ListWords = {
  ownOfRadio: (title) => `Part of ${title}, which this radio began from.`,
  radioSeed: (title) => `${title}, which this radio began from`,
  discoverWeekly: 'Discover Weekly',
  becauseYouListened: (title) => `Because you listened to ${title}`,
  artists: (artists, isMore) => (isMore ? `${artists.join(', ')} and others` : artists.join(', ')),
  trait: (trait) => trait,
};

export const ENGLISH: Words = {
  news: NEWS,
  lists: LISTS,
  quote: (title) => `“${title}”`,
  own: {
    LIKED: 'One of your favourites.',
    ADDED: 'You have put it on a playlist.',
    FINISHED: 'You have played it to the end before.',
  },
  because: {
    LIKED: (title) => `Because you like ${title}.`,
    ADDED: (title) => `Because you put ${title} on a playlist.`,
    FINISHED: (title) => `Because you played ${title} to the end.`,
  },
  anchor: {
    LIKED: (title) => `${title}, which you like`,
    ADDED: (title) => `${title}, which you put on a playlist`,
    FINISHED: (title) => `${title}, which you played to the end`,
  },
  becauseSeed: (title) => `Because this wave began from ${title}.`,
  seed: (title) => `${title}, which this wave began from`,
  near: (anchor, isAlike) => `${isAlike ? 'near' : 'among the nearest here'} to ${anchor}.`,
  asked: (words) => words,
  askedAnd: (asked, near) => `${asked}, and ${near}`,
  sameArtist: (artist, title) =>
    title === null
      ? `More of ${artist}, who is part of ${BEGINNING}.`
      : `More of ${artist}: ${title} is to your taste.`,
  soundsLike: (artist, title) =>
    `${artist} sounds like ${title === null ? BEGINNING : `${title}, which is to your taste`}.`,
  genre: (genre, title) =>
    `${genre}, like ${title === null ? BEGINNING : `${title}, which is to your taste`}.`,
  listeners: (support, title) => `${support} listeners of ${title} play it too.`,
  popular: (plays) => `Popular here: played ${plays} ${plays === 1 ? 'time' : 'times'}.`,
  fresh: (at, genre, heard) =>
    `${genre === undefined ? 'Added' : `New ${genre}, added`} here on ${DATE.format(at)}${heard ? '' : '; you have not heard it yet'}.`,
  freshGenre: (genre, heard) => `${genre} that is new here${heard ? '' : ', and to you'}.`,
  freshArtist: (artist, heard) => `New here from ${artist}${heard ? '' : '; you have not heard it yet'}.`,
  freshFeeling: (feeling, heard) => `${feeling}, new here${heard ? '' : ' and to you'}.`,
  inCommon: (traits, title) => `${traits.join(', ')}, as is ${title}, which is to your taste.`,
  exploring: (testing) => `Trying something else: ${testing}.`,
  degraded: '(What sounds alike cannot be looked up now: chosen from what is popular, new or yours.)',
};
