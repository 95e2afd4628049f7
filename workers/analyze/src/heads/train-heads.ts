import { createHash } from 'node:crypto';

import { calibrate, findThreshold, type Trial } from './calibrate.ts';
import type { HeadLabel, HeadsFile } from './heads.ts';
import { fitRidge, scoreOf } from './ridge.ts';

/** A track as people have labelled it. */
export interface Example {
  readonly artistId: string;
  readonly model: string;
  readonly vector: readonly number[];
  /** Null where nobody has said anything of the kind: it speaks neither for nor against a label. */
  readonly labels: Readonly<Record<HeadLabel['kind'], readonly string[] | null>>;
}

export interface LabelReport {
  readonly kind: HeadLabel['kind'];
  readonly name: string;
  readonly examples: number;
  readonly artists: number;
  /** What it told of artists that it had not heard; null where it is left out. */
  readonly precision: number | null;
  readonly recall: number | null;
}

export interface Trained {
  readonly file: HeadsFile;
  readonly reports: LabelReport[];
}

const KINDS = ['GENRE', 'MOOD'] as const;
/** What fewer tracks or artists carry is not learned: an artist is not a genre. */
const [LEAST_EXAMPLES, LEAST_ARTISTS] = [20, 5];
const FOLDS = 5;

/**
 * Learns to tell the labels that people have given, from the vectors of the tracks: each judged on artists that were
 * left out, and kept only where enough of what it told of them was right. Null without examples.
 */
export function trainHeads(all: readonly Example[], trainedAt: Date): Trained | null {
  const model = commonest(all.map((example) => example.model));
  if (model === null) return null;
  const examples = all.filter((example) => example.model === model);
  const trained = KINDS.flatMap((kind) =>
    trainKind(
      kind,
      examples.filter(({ labels }) => labels[kind]),
    ),
  );
  return {
    file: {
      model,
      trainedAt: trainedAt.toISOString(),
      labels: trained.flatMap(({ label }) => label ?? []),
    },
    reports: trained.map(({ report }) => report),
  };
}

function trainKind(kind: HeadLabel['kind'], examples: readonly Example[]) {
  const names = learnable(kind, examples);
  if (names.length === 0) return [];
  const rows = examples.map(({ vector }) => vector);
  const targets = names.map((name) => examples.map(({ labels }) => labels[kind]!.includes(name)));
  const trials = crossValidate(examples, targets);
  const final = fitRidge(rows, targets);
  return names.map((name, i) => {
    const calibration = calibrate(trials[i]!);
    const found = findThreshold(trials[i]!, calibration);
    const own = examples.filter((_, n) => targets[i]![n]);
    const report: LabelReport = {
      kind,
      name,
      examples: own.length,
      artists: new Set(own.map(({ artistId }) => artistId)).size,
      precision: found && found.precision,
      recall: found && found.recall,
    };
    const label = found && { kind, name, ...final[i]!, ...calibration, tellsFrom: found.tellsFrom };
    return { report, label };
  });
}

function learnable(kind: HeadLabel['kind'], examples: readonly Example[]): string[] {
  const artists = new Map<string, string[]>();
  for (const { labels, artistId } of examples)
    for (const name of new Set(labels[kind])) artists.set(name, [...(artists.get(name) ?? []), artistId]);
  return [...artists]
    .filter(([, ids]) => ids.length >= LEAST_EXAMPLES && new Set(ids).size >= LEAST_ARTISTS)
    .filter(([, ids]) => ids.length < examples.length)
    .map(([name]) => name)
    .toSorted();
}

/** The scores that each label gives to examples whose artists were left out of what it learned from. */
function crossValidate(examples: readonly Example[], targets: readonly (readonly boolean[])[]): Trial[][] {
  const folds = examples.map(({ artistId }) => foldOf(artistId));
  const trials = targets.map((): Trial[] => []);
  for (let fold = 0; fold < FOLDS; fold++) {
    const [kept, left] = [indices(folds, (each) => each !== fold), indices(folds, (each) => each === fold)];
    if (kept.length === 0 || left.length === 0) continue;
    const fitted = fitRidge(
      kept.map((n) => examples[n]!.vector),
      targets.map((target) => kept.map((n) => target[n]!)),
    );
    for (const [i, linear] of fitted.entries())
      for (const n of left)
        trials[i]!.push({ score: scoreOf(linear, examples[n]!.vector), is: targets[i]![n]! });
  }
  return trials;
}

function foldOf(artistId: string): number {
  return createHash('sha256').update(artistId).digest().readUInt32LE(0) % FOLDS;
}

function indices(folds: readonly number[], isMeant: (fold: number) => boolean): number[] {
  return [...folds.keys()].filter((n) => isMeant(folds[n]!));
}

function commonest(values: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}
