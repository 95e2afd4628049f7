import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client as UrqlClient, fetchExchange, subscriptionExchange } from '@urql/core';
import {
  MeDocument,
  MyWaveDocument,
  StartWaveDocument,
  TrackProcessingDocument,
} from '@volna/gateway/client';
import { print } from 'graphql';
import { createClient } from 'graphql-ws';

import { sendFile } from './client/send-file.ts';
import { makeTune } from './testing/audio.ts';
import { type Account, openArtist, signUp } from './testing/listener.ts';
import { openTestStack, type TestStack } from './testing/test-stack.ts';

describe('clients that are not ours', () => {
  let volna: TestStack;
  let alice: Account;
  let trackId: string;

  beforeAll(async () => {
    volna = await openTestStack();
    alice = await signUp(volna.endpoint);
    const artistId = await openArtist(alice, 'Clients');
    const file = await makeTune(volna.backends.ffmpeg, volna.directory, {
      name: 'tune',
      format: 'wav',
      seconds: 3,
    });
    trackId = await sendFile(alice.api, { file, artistId }, () => {});
  }, 120_000);

  afterAll(async () => {
    await volna[Symbol.asyncDispose]();
  });

  const authorization = () => `Bearer ${alice.accessToken}`;

  it('Apollo Client asks over HTTP and subscribes over multipart', async () => {
    const link = new HttpLink({ uri: volna.endpoint, headers: { authorization: authorization() } });
    const client = new ApolloClient({ link, cache: new InMemoryCache() });
    const { data } = await client.query({ query: MeDocument });
    expect(data?.me?.username).toBe(alice.username);

    const stages: (string | undefined)[] = [];
    await new Promise<void>((resolve, reject) => {
      client.subscribe({ query: TrackProcessingDocument, variables: { trackId } }).subscribe({
        next: ({ data: event }) => void stages.push(event?.trackProcessing.status),
        error: reject,
        complete: resolve,
      });
    });
    expect(stages).toEqual(['READY']);
    client.stop();
  });

  it('urql asks over HTTP and subscribes over graphql-ws', async () => {
    const socket = createClient({
      url: volna.endpoint.replace('http', 'ws'),
      connectionParams: { authorization: authorization() },
    });
    const client = new UrqlClient({
      url: volna.endpoint,
      preferGetMethod: false,
      fetchOptions: { headers: { authorization: authorization() } },
      exchanges: [
        fetchExchange,
        subscriptionExchange({
          forwardSubscription: ({ query = '', variables }) => ({
            subscribe: (sink) => ({
              unsubscribe: socket.subscribe(
                { query, variables: variables as Record<string, unknown> },
                {
                  next: (result) => sink.next(result as Parameters<typeof sink.next>[0]),
                  error: (err) => sink.error(err),
                  complete: () => sink.complete(),
                },
              ),
            }),
          }),
        }),
      ],
    });
    const { data } = await client.mutation(StartWaveDocument, { input: { seed: trackId } });
    const waveId = data?.startWave.wave?.id ?? '';
    const update = await new Promise((resolve) => {
      const running = client.subscription(MyWaveDocument, { waveId }).subscribe(({ data: event }) => {
        running.unsubscribe();
        resolve(event?.myWave.__typename);
      });
    });
    expect(update).toBe('WaveItems');
    await socket.dispose();
  });

  it('a plain reader follows server-sent events', async () => {
    const response = await fetch(volna.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: authorization(),
      },
      body: JSON.stringify({ query: print(TrackProcessingDocument), variables: { trackId } }),
    });
    expect(response.headers.get('content-type')).toMatch('text/event-stream');
    const text = await response.text();
    expect(text).toMatch(/event: next\ndata: .*"status":"READY"/);
    expect(text).toMatch(/event: complete/);
  });
});
