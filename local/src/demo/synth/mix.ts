import { createRandom, type Random, seedOf } from '../random.ts';
import { type Channel, type Curve, type Note, type Part, type Score, secondsOf } from '../score.ts';
import { chorus, drive, echo, reverberate, tremolo } from './effects.ts';
import { filter, sweepFilter } from './filter.ts';
import { master } from './master.ts';
import { createStereo, decibels, samples, SAMPLE_RATE, type Stereo, valueAt } from './signal.ts';

interface Desk {
  score: Score;
  mix: Stereo;
  room: Stereo;
  echoes: Stereo;
}

/** Plays a score and masters it. The seed is the performance: same seed, same samples. */
export function renderScore(score: Score, seed: string): Stereo {
  const length = samples(secondsOf(score));
  const desk: Desk = {
    score,
    mix: createStereo(length),
    room: createStereo(length),
    echoes: createStereo(length),
  };
  const bus = createStereo(length);
  for (const part of score.parts) {
    bus.left.fill(0);
    bus.right.fill(0);
    playPart(bus, part, score, createRandom(seedOf(`${seed}/${part.name}`)));
    shapeChannel(bus, part.channel, score);
    sendToDesk(desk, bus, part.channel);
  }
  const { delay } = score;
  echo(desk.echoes, (delay.beats * 60) / score.bpm, delay.feedback, delay.lowpass);
  add(desk.mix, desk.echoes, 1);
  add(desk.room, desk.echoes, 0.25);
  reverberate(desk.room, score.reverb);
  add(desk.mix, desk.room, 1);
  master(desk.mix, score);
  return desk.mix;
}

/** Where a beat falls in seconds, swing included. */
export function secondsAt(score: Score, beat: number): number {
  const pair = score.swingUnit * 2;
  const start = Math.floor(beat / pair) * pair;
  const within = (beat - start) / pair;
  const turn = 0.5 + score.swing / 2;
  const swung = within < 0.5 ? within * 2 * turn : turn + (within - 0.5) * 2 * (1 - turn);
  return ((start + swung * pair) * 60) / score.bpm;
}

function playPart(bus: Stereo, part: Part, score: Score, random: Random): void {
  const { timing = 0, velocity: uneven = 0 } = part.loose ?? {};
  for (const note of part.notes) {
    const late = (random() + random() - 1) * timing;
    const touch = 1 + (random() + random() - 1) * uneven;
    const velocity = Math.min(1, Math.max(0.05, note.velocity * touch));
    const start = samples(Math.max(0, secondsAt(score, note.at) + late)) - 1;
    const seconds = (note.beats * 60) / score.bpm;
    for (const pan of panOf(note, part.channel)) {
      const frequency = 440 * 2 ** ((note.pitch - 69) / 12);
      const sound = part.instrument({ frequency, seconds, velocity, random });
      place(bus, sound, start, velocity ** 1.3, pan);
    }
  }
}

function panOf(note: Note, channel: Channel): number[] {
  const pan =
    (channel.pan ?? 0) + (channel.keyboard ?? 0) * Math.max(-1, Math.min(1, (note.pitch - 62) / 26));
  return channel.width ? [pan - channel.width, pan + channel.width] : [pan];
}

function place(
  { left, right }: Stereo,
  sound: Float32Array,
  start: number,
  level: number,
  pan: number,
): void {
  const angle = ((Math.max(-1, Math.min(1, pan)) + 1) * Math.PI) / 4;
  const toLeft = level * Math.cos(angle);
  const toRight = level * Math.sin(angle);
  const end = Math.min(sound.length, left.length - start);
  for (let i = 0; i < end; i++) {
    left[start + i]! += toLeft * sound[i]!;
    right[start + i]! += toRight * sound[i]!;
  }
}

function shapeChannel(bus: Stereo, channel: Channel, score: Score): void {
  const { lowpass, highpass } = channel;
  const beatOf = (index: number) => (index * score.bpm) / 60 / SAMPLE_RATE;
  if (channel.drive) drive(bus, channel.drive);
  for (const side of [bus.left, bus.right]) {
    if (highpass) filter(side, 'high', highpass, 0.25);
    if (typeof lowpass === 'number') filter(side, 'low', lowpass, 0.2);
    else if (lowpass) sweepFilter(side, 'low', 0.55, (index) => valueAt(lowpass, beatOf(index)));
  }
  if (channel.chorus) chorus(bus, channel.chorus);
  if (channel.tremolo) tremolo(bus, channel.tremolo.hertz, channel.tremolo.depth);
  if (channel.duck) duck(bus, channel.duck, score);
  if (channel.fade) automate(bus, channel.fade, beatOf);
}

function automate({ left, right }: Stereo, curve: Curve, beatOf: (index: number) => number): void {
  for (let start = 0; start < left.length; start += 64) {
    const level = valueAt(curve, beatOf(start));
    for (let i = start; i < Math.min(left.length, start + 64); i++) {
      left[i]! *= level;
      right[i]! *= level;
    }
  }
}

/** Makes room for each kick: down in 4 ms, back within about a quarter of a second. */
function duck({ left, right }: Stereo, depth: number, score: Score): void {
  const attack = samples(0.004);
  const length = samples(0.26);
  for (const beat of score.ducking) {
    const start = samples(secondsAt(score, beat)) - 1;
    const end = Math.min(length, left.length - start);
    for (let i = 0; i < end; i++) {
      const back = (i - attack) / (length - attack);
      const level = 1 - depth * (i < attack ? i / attack : (1 - back) * (1 - back));
      left[start + i]! *= level;
      right[start + i]! *= level;
    }
  }
}

function sendToDesk(desk: Desk, bus: Stereo, channel: Channel): void {
  const gain = decibels(channel.gain);
  add(desk.mix, bus, gain);
  if (channel.reverb) add(desk.room, bus, gain * channel.reverb);
  const { delay } = channel;
  if (typeof delay === 'number') add(desk.echoes, bus, gain * delay);
  else if (delay) {
    automate(bus, delay, (index) => (index * desk.score.bpm) / 60 / SAMPLE_RATE);
    add(desk.echoes, bus, gain);
  }
}

function add(to: Stereo, from: Stereo, gain: number): void {
  for (let i = 0; i < to.left.length; i++) {
    to.left[i]! += gain * from.left[i]!;
    to.right[i]! += gain * from.right[i]!;
  }
}
