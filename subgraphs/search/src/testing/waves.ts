import { expect } from '@jest/globals';
import type { Viewer } from '@volna/platform/identity';
import { asCaller } from '@volna/platform/testing/subgraph-client';

import type { OpenSearch } from './open-search.ts';

const ITEM = /* GraphQL */ `
  seq score exploratory
  track { id }
  reason {
    __typename text
    ... on BecauseLiked { anchor { id } similarity }
    ... on BecauseSeed { seed similarity }
    ... on BecausePopular { plays }
    ... on BecauseFresh { uploadedAt }
    ... on Exploring { testing }
  }
`;
export const START = `mutation ($input: StartWaveInput!) {
  startWave(input: $input) { wave { id items { ${ITEM} } } errors { code path } }
}`;
const FEEDBACK = `mutation ($input: WaveFeedbackInput!) { waveFeedback(input: $input) { ok errors { code path } } }`;
export const MY_WAVE = `subscription ($waveId: ID!, $sinceSeq: Int) {
  myWave(waveId: $waveId, sinceSeq: $sinceSeq) {
    __typename
    ... on WaveItems { items { ${ITEM} } }
    ... on WaveRetuned { why removedSeqs }
    ... on WaveEnded { why }
  }
}`;

export interface Item {
  readonly seq: number;
  readonly exploratory: boolean;
  readonly track: { readonly id: string };
  readonly reason: {
    readonly __typename: string;
    readonly text: string;
    readonly anchor?: { readonly id: string };
  };
}

/** Begins a wave, which has to succeed. */
export async function startWaveOf(
  search: OpenSearch,
  viewer: Viewer,
  input: object = {},
): Promise<{ id: string; items: Item[] }> {
  const { data, errors } = await asCaller(search.subgraph, viewer)(START, { input });
  expect(errors).toBeUndefined();
  expect(data.startWave.errors).toEqual([]);
  return data.startWave.wave;
}

/** Tells a wave what became of an item. */
export async function feedWave(
  search: OpenSearch,
  viewer: Viewer,
  [waveId, seq, type]: readonly [string, number, string],
  more: object = {},
) {
  const input = { waveId, seq, type, clientEventId: `${type} ${seq} ${Math.random()}`, ...more };
  const { data, errors } = await asCaller(search.subgraph, viewer)(FEEDBACK, { input });
  expect(errors).toBeUndefined();
  return data.waveFeedback;
}
