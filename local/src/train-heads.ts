import { rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { type LabelReport, trainHeads } from '@volna/analyze/train-heads';
import { type LabelledTrack, readExamples } from '@volna/catalog/read-examples';

import { readUsage } from './usage.ts';
import { onDatabase } from './users-database.ts';

/** What npm start reads. */
const HEADS = 'heads.json';

try {
  const { values } = parseArgs({
    options: {
      data: { type: 'string', default: '.volna' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) process.stdout.write(readUsage(import.meta.url));
  else await train(values.data, resolve(values.out ?? join(values.data, HEADS)));
} catch (err) {
  process.exitCode = 1;
  process.stderr.write(`volna: ${err instanceof Error ? err.message : String(err)}\n`);
}
if (process.connected) process.disconnect();

async function train(data: string, file: string): Promise<void> {
  const tracks = await onDatabase('catalog', data, readExamples);
  const trained = trainHeads(tracks.map(toExample), new Date());
  for (const report of trained?.reports ?? []) print(toLine(report));
  if (!trained || trained.file.labels.length === 0)
    return print(`nothing can be told yet by the ${tracks.length} tracks that people have labelled`);
  await writeFile(`${file}.part`, JSON.stringify(trained.file));
  await rename(`${file}.part`, file);
  print(`${trained.file.labels.length} labels, learned from ${tracks.length} tracks, are in ${file}`);
}

function print(line: string): void {
  process.stdout.write(`volna: ${line}\n`);
}

function toExample({ artistId, embeddingModel, embedding, genres, tags }: LabelledTrack) {
  return { artistId, model: embeddingModel, vector: embedding, labels: { GENRE: genres, MOOD: tags } };
}

function toLine({ kind, name, examples, artists, precision, recall }: LabelReport): string {
  const of = `${kind === 'GENRE' ? 'genre' : 'tag'} ${name}: ${examples} tracks by ${artists} artists`;
  if (precision === null || recall === null) return `${of}; cannot be told, left out`;
  return `${of}; told of ${percent(recall)}, right in ${percent(precision)}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
