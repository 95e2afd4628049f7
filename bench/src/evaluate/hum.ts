import type { Arrangement, Note } from './arrange.ts';

const RATE = 16_000;
/** A voice slides from note to note in so long, and is never quite in tune. */
const GLIDE_SECONDS = 0.08;
const OUT_OF_TUNE = 0.3;
const [VIBRATO_HERTZ, VIBRATO] = [5.5, 0.25];
/** Softer by so much, in decibels, is the breath. */
const BREATH_DB = 20;
/** A melody has so many notes at least, and one at a time. */
const [LEAST_NOTES, MOST_AT_ONCE] = [24, 1.3];

/** The highest voice of a score that is a melody; null where none is. */
export function melodyOf(notes: readonly Note[]): Note[] | null {
  const voices = [...Map.groupBy(notes, ({ channel }) => channel).values()]
    .filter((voice) => voice.length >= LEAST_NOTES && atOnce(voice) <= MOST_AT_ONCE)
    .map((voice) => ({ voice, height: mean(voice.map(({ pitch }) => pitch)) }))
    .toSorted((a, b) => b.height - a.height);
  return voices[0]?.voice ?? null;
}

/** So many seconds of a melody as somebody hums it, from its note `first` on. */
export function hum(
  melody: readonly Note[],
  first: number,
  seconds: number,
  { speed, semitones }: Arrangement,
  chance: () => number,
): Float32Array {
  const samples = new Float32Array(seconds * RATE);
  const began = melody[first]!.start;
  const heard = melody.slice(first).map(({ pitch, start, end }) => ({
    pitch: pitch + semitones + OUT_OF_TUNE * (2 * chance() - 1),
    from: ((start - began) / speed) * RATE,
    to: ((end - began) / speed) * RATE,
  }));
  let [note, at, phase, level] = [0, heard[0]!.pitch, 0, 0];
  for (let i = 0; i < samples.length; i++) {
    while (heard[note + 1] && heard[note + 1]!.from <= i) note++;
    const { pitch, to } = heard[note]!;
    at += (pitch - at) / (GLIDE_SECONDS * RATE);
    level += ((i < to ? 1 : 0) - level) / (0.03 * RATE);
    const sung = at + VIBRATO * Math.sin((2 * Math.PI * VIBRATO_HERTZ * i) / RATE);
    // hummed about an octave around middle C
    phase += (2 * Math.PI * 440 * 2 ** ((sung - 69 - octavesAway(melody) * 12) / 12)) / RATE;
    const voice = Math.sin(phase) + 0.4 * Math.sin(2 * phase) + 0.15 * Math.sin(3 * phase);
    samples[i] = 0.2 * level * voice + 0.2 * 10 ** (-BREATH_DB / 20) * (2 * chance() - 1);
  }
  return samples;
}

const octaves = new WeakMap<readonly Note[], number>();
function octavesAway(melody: readonly Note[]): number {
  const known = octaves.get(melody) ?? Math.round((mean(melody.map(({ pitch }) => pitch)) - 57) / 12);
  octaves.set(melody, known);
  return known;
}

function atOnce(voice: readonly Note[]): number {
  const sounding = voice.reduce((sum, { start, end }) => sum + end - start, 0);
  let [covered, until] = [0, 0];
  for (const { start, end } of voice) {
    covered += Math.max(0, end - Math.max(start, until));
    until = Math.max(until, end);
  }
  return covered === 0 ? Infinity : sounding / covered;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
