import { fileURLToPath } from 'node:url';

import { createMelStream } from '@volna/analyze/mel';
import { type Model, openModel } from '@volna/analyze/model';
import { createPatcher } from '@volna/analyze/patches';

import { dice } from '../dice.ts';
import { readVoices } from './corpus.ts';
import { calibrationError, equalErrorRate, redrawnInterval } from './scores.ts';

const RATE = 16_000;
const CHUNK_SECONDS = 4;
const CHUNKS_A_VOICE = 40;
const SEED = 99;

interface Judged {
  readonly name: string;
  readonly isReal: boolean;
  /** Probabilities that chunks are synthetic. */
  readonly scores: readonly number[];
}

/** How the authenticity model does on voices that it has never heard, and how far its scores may be trusted. */
export async function evaluateVoices(
  print: (line: string) => void,
  tell: (what: string) => void,
): Promise<void> {
  const corpus = process.env['EVALUATE_CORPUS'];
  if (!corpus)
    return print('no voices: make some with models/training and name their folder in EVALUATE_CORPUS');
  const folder = fileURLToPath(new URL('../../../models/authenticity', import.meta.url));
  await using model = await openModel(folder, 1);
  const judged: Judged[] = [];
  for (const voice of (await readVoices(corpus)).filter(({ trained }) => !trained)) {
    tell(`judges ${voice.name}`);
    const scores = await judge(model, await voice.read());
    judged.push({ name: voice.name, isReal: voice.name.startsWith('real'), scores });
  }
  const reals = judged.filter(({ isReal }) => isReal);
  const fakes = judged.filter(({ isReal }) => !isReal);
  print(`${model.id}: voices and engines never heard in training, ${CHUNKS_A_VOICE} chunks a voice     EER`);
  for (const family of [...new Set(fakes.map(familyOf)), ''])
    printRate(
      print,
      reals,
      fakes.filter((voice) => !family || familyOf(voice) === family),
      family,
    );
  const [real, fake] = [reals, fakes].map((voices) => voices.flatMap(({ scores }) => scores)) as [
    number[],
    number[],
  ];
  print(`  calibration error ${calibrationError(real, fake).toFixed(3)}`);
}

async function judge(model: Model, samples: Float32Array): Promise<number[]> {
  const chance = dice(SEED);
  const logits: number[] = [];
  for (let i = 0; i < CHUNKS_A_VOICE; i++) {
    const from = Math.floor(chance() * Math.max(0, samples.length - CHUNK_SECONDS * RATE));
    const { input } = model.manifest;
    const frames = createMelStream(input)(samples.slice(from, from + CHUNK_SECONDS * RATE));
    const patches = createPatcher(input, input.patchHopFrames)(frames).slice(0, 1);
    if (patches.length === 0) continue;
    // oxlint-disable-next-line no-await-in-loop -- one session, one batch after the other
    logits.push((await model.run(patches))[model.output('synthetic-logit').tensor]![0]!);
  }
  return logits.map((logit) => 1 / (1 + Math.exp(-logit)));
}

function printRate(
  print: (line: string) => void,
  reals: readonly Judged[],
  fakes: readonly Judged[],
  family: string,
): void {
  const rateOf = (voices: readonly Judged[]) => {
    const [real, fake] = [true, false].map((isReal) =>
      voices.filter((voice) => voice.isReal === isReal).flatMap(({ scores }) => scores),
    ) as [number[], number[]];
    return equalErrorRate(real, fake);
  };
  const compute = (drawn: readonly Judged[]) => rateOf([...reals, ...drawn]);
  const interval = redrawnInterval(fakes, compute, dice(SEED));
  const title = `${family || 'all'} (${fakes.length} voices against ${reals.length} real)`;
  print(
    `  ${title.padEnd(50)}${rateOf([...reals, ...fakes]).toFixed(3)} (95 % ${interval}, engines redrawn)`,
  );
}

function familyOf({ name }: Judged): string {
  return name.split('_')[1]!;
}
