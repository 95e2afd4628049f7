const LETTERS: Record<string, number> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };

const MODES: Record<string, readonly number[]> = {
  major: [0, 2, 4, 5, 7, 9, 11],
  lydian: [0, 2, 4, 6, 7, 9, 11],
  mixolydian: [0, 2, 4, 5, 7, 9, 10],
  dorian: [0, 2, 3, 5, 7, 9, 10],
  minor: [0, 2, 3, 5, 7, 8, 10],
  phrygian: [0, 1, 3, 5, 7, 8, 10],
  'harmonic minor': [0, 2, 3, 5, 7, 8, 11],
};

const QUALITIES: Record<string, readonly number[]> = {
  '': [0, 4, 7],
  m: [0, 3, 7],
  5: [0, 7],
  6: [0, 4, 7, 9],
  m6: [0, 3, 7, 9],
  69: [0, 4, 7, 9, 14],
  7: [0, 4, 7, 10],
  maj7: [0, 4, 7, 11],
  m7: [0, 3, 7, 10],
  m7b5: [0, 3, 6, 10],
  dim7: [0, 3, 6, 9],
  9: [0, 4, 10, 14],
  maj9: [0, 4, 7, 11, 14],
  m9: [0, 3, 7, 10, 14],
  m11: [0, 3, 10, 14, 17],
  13: [0, 4, 10, 14, 21],
  '7b9': [0, 4, 10, 13],
  '7b13': [0, 4, 10, 20],
  'maj7#11': [0, 4, 11, 18],
  add9: [0, 4, 7, 14],
  madd9: [0, 3, 7, 14],
  sus2: [0, 2, 7],
  sus4: [0, 5, 7],
  '7sus4': [0, 5, 7, 10],
};

export interface Chord {
  root: number;
  bass: number;
  /** Pitch classes, root first. */
  tones: number[];
}

/** "#" is one up, "b" one down. */
function accidental(signs: string): number {
  return signs.split('').reduce((sum, sign) => sum + (sign === '#' ? 1 : -1), 0);
}

function pitchClass(name: string): number {
  return (LETTERS[name[0]!]! + accidental(name.slice(1)) + 12) % 12;
}

/** "C#4" as a MIDI number; C4 is 60. */
export function parsePitch(text: string): number {
  const match = /^([A-G])([#b]*)(-?\d)$/.exec(text);
  if (!match) throw new Error(`not a pitch: ${text}`);
  return 12 * (Number(match[3]) + 1) + LETTERS[match[1]!]! + accidental(match[2]!);
}

/** "Dm9" or "C/E" as pitch classes. */
export function parseChord(text: string): Chord {
  const match = /^([A-G][#b]?)([^/]*)(?:\/([A-G][#b]?))?$/.exec(text);
  const intervals = match && QUALITIES[match[2]!];
  if (!intervals) throw new Error(`not a chord: ${text}`);
  const root = pitchClass(match[1]!);
  const bass = match[3] ? pitchClass(match[3]) : root;
  return { root, bass, tones: intervals.map((interval) => (root + interval) % 12) };
}

/** "D dorian" as its seven pitch classes, tonic first. */
export function parseKey(text: string): number[] {
  const [tonic, ...mode] = text.split(' ');
  const steps = MODES[mode.join(' ')];
  if (!steps || !tonic) throw new Error(`not a key: ${text}`);
  return steps.map((step) => (pitchClass(tonic) + step) % 12);
}

/** The lowest pitch of a class at or above a limit. */
export function above(pitch: number, limit: number): number {
  return limit + ((((pitch - limit) % 12) + 12) % 12);
}

/** Moves a pitch by steps of a scale; a pitch outside the scale is taken to the step below it. */
export function moveInKey(pitch: number, key: readonly number[], steps: number): number {
  const ladder: number[] = [];
  for (let p = 0; p < 128; p++) if (key.includes(p % 12)) ladder.push(p);
  const at = ladder.findLastIndex((p) => p <= pitch);
  return ladder[Math.max(0, Math.min(ladder.length - 1, at + steps))]!;
}

/** Chords as pitches between two limits, each as near as it can be to the one before. */
export function voiceLead(chords: readonly Chord[], low: number, high: number, count = 4): number[][] {
  let before: number[] | undefined;
  return chords.map((chord) => {
    const all = voicings(chord, low, high, count);
    const middle = (low + high) / 2;
    const cost = (voicing: number[]) =>
      before
        ? voicing.reduce((sum, pitch, i) => sum + Math.abs(pitch - (before![i] ?? pitch)), 0) +
          Math.abs(voicing[0]! - low) * 0.05
        : Math.abs(voicing.reduce((sum, pitch) => sum + pitch, 0) / voicing.length - middle);
    before = all.reduce((best, voicing) => (cost(voicing) < cost(best) ? voicing : best));
    return before;
  });
}

function voicings(chord: Chord, low: number, high: number, count: number): number[][] {
  const tones = pickTones(chord, count);
  const found: number[][] = [];
  for (let bottom = low; bottom <= high - 7; bottom++) {
    if (!tones.includes(bottom % 12)) continue;
    const rest = tones.filter((tone) => tone !== bottom % 12);
    const close = [bottom, ...rest.map((tone) => above(tone, bottom + 1))].toSorted((a, b) => a - b);
    while (close.length < count) close.push(close[close.length - tones.length]! + 12);
    const open = [...close];
    if (count >= 4) open[1]! += 12;
    for (const voicing of [close, open.toSorted((a, b) => a - b)])
      if (voicing.at(-1)! <= high) found.push(voicing);
  }
  if (found.length === 0) throw new Error(`no room for a chord between ${low} and ${high}`);
  return found;
}

/** The tones that say most: a fifth goes first, then the root, which the bass has. */
function pickTones(chord: Chord, count: number): number[] {
  const tones = [...new Set(chord.tones)];
  const fifth = (chord.root + 7) % 12;
  if (tones.length > count && tones.includes(fifth)) tones.splice(tones.indexOf(fifth), 1);
  if (tones.length > count) tones.shift();
  return tones.slice(0, count);
}
