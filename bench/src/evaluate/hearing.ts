import { findKey, KEY_SECONDS } from '@volna/analyze/key';
import { findTempo, TEMPO_SECONDS } from '@volna/analyze/tempo';

import { keyOfNotes, scoreKey } from './key-truth.ts';
import { findTempoPeers } from './peers.ts';
import { decode, findPieces, PACKAGES, type Piece } from './pieces.ts';

/** A tempo within this much of the truth is right. */
const TOLERANCE = 0.04;
const ALLOWED = [1, 2, 1 / 2, 3, 1 / 3];
/** Of each piece. */
const HEARD_SECONDS = 240;
const RATE = 16_000;

type Tell = (what: string) => void;
type Print = (line: string) => void;

/** Tempo against what scores and songs say of themselves: Acc1 is the tempo, Acc2 allows halves, doubles and thirds. */
export async function evaluateTempo(print: Print, tell: Tell): Promise<void> {
  const pieces = await needPieces(print, tell);
  const peers = await findTempoPeers();
  const found = new Map<string, (number | null)[]>();
  const add = (name: string, bpm: number | null) => void found.set(name, [...(found.get(name) ?? []), bpm]);
  for (const piece of pieces) {
    tell(`tempo of ${piece.name}`);
    const tempo = findTempo(middle(await decode(piece.file, HEARD_SECONDS), TEMPO_SECONDS));
    add('ours', tempo?.bpm ?? null);
    for (const peer of peers) add(peer.name, await peer.tempoOf(piece.file, HEARD_SECONDS));
  }
  print(`tempo within ${TOLERANCE * 100} % (${pieces.length} items)      Acc1    Acc2`);
  for (const [name, bpms] of found) {
    const share = (times: readonly number[]) =>
      shareOf(pieces, ({ bpm }, i) => times.some((each) => isNear(bpms[i], bpm * each)));
    print(`  ${name.padEnd(30)}${share([1]).toFixed(3)}   ${share(ALLOWED).toFixed(3)}`);
  }
}

/** Key against the written notes of the scores that have one. */
export async function evaluateKey(print: Print, tell: Tell): Promise<void> {
  const scores: number[] = [];
  for (const { name, file, score } of await needPieces(print, tell)) {
    const truth = score && keyOfNotes(score.pitchClasses);
    if (!truth) continue;
    tell(`key of ${name}`);
    const key = findKey(middle(await decode(file, HEARD_SECONDS), KEY_SECONDS));
    scores.push(scoreKey(key?.name ?? null, truth));
  }
  if (scores.length === 0) return;
  print(`key (${scores.length} rendered scores)            exact   MIREX`);
  const exact = scores.filter((score) => score === 1).length / scores.length;
  const mirex = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  print(`  ${'ours'.padEnd(30)}${exact.toFixed(3)}   ${mirex.toFixed(3)}`);
}

async function needPieces(print: Print, tell: Tell): Promise<Piece[]> {
  const pieces = await findPieces(tell);
  if (pieces.length === 0) print(`nothing to hear: install ${PACKAGES.join(' ')} (Debian)`);
  return pieces;
}

function middle(samples: Float32Array, seconds: number): Float32Array {
  const from = Math.max(0, Math.floor((samples.length - seconds * RATE) / 2));
  return samples.subarray(from, from + seconds * RATE);
}

function isNear(bpm: number | null | undefined, truth: number): boolean {
  return typeof bpm === 'number' && Math.abs(bpm / truth - 1) <= TOLERANCE;
}

function shareOf<T>(all: readonly T[], isRight: (each: T, index: number) => boolean): number {
  return all.filter(isRight).length / Math.max(1, all.length);
}
