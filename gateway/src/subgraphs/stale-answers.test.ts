import { describe, expect, it } from '@jest/globals';
import { MemoryCache } from '@volna/platform/cache-memory';
import { noteHiding } from '@volna/platform/hidings';

import { type GraphqlAnswer, post, signToken } from '../testing/gateway.ts';
import { known } from '../testing/live.ts';
import { internalKey, type Remotes, startRemotes, startStub, stranger } from '../testing/remotes.ts';
import { connect, until } from '../testing/sockets.ts';
import { createRemoteSubgraph, type Notes } from './remote.ts';

const query = 'query T($id: ID!) { track(id: $id) { title likedBy { name } } }';
const variables = { id: known.track };

async function open(lifeMs?: number, cache = new MemoryCache()): Promise<Remotes> {
  return startRemotes({
    remote: {
      cache,
      stale: { sample: 1, ...(lifeMs !== undefined && { lifeMs }) },
      policy: { coolDownMs: 60_000 },
    },
  });
}

const ask = ({ gateway }: Remotes, headers: Record<string, string> = {}): Promise<GraphqlAnswer> =>
  post(gateway, { query, variables }, headers);

/** What is asked twice is kept; when it is, the event loop has turned. */
async function askOften(remotes: Remotes, headers: Record<string, string> = {}): Promise<GraphqlAnswer> {
  await ask(remotes, headers);
  const answer = await ask(remotes, headers);
  await new Promise(setImmediate);
  return answer;
}

describe('S5.15.1, F22: a subgraph that fails', () => {
  it('has strangers given its last answers to the same questions, said to be old', async () => {
    await using remotes = await open();
    const fresh = await askOften(remotes);
    expect(fresh.extensions).not.toHaveProperty('stale');
    await remotes.stop('people');
    const { data, errors, extensions } = await ask(remotes);
    expect({ data, errors }).toEqual({ data: fresh.data, errors: undefined });
    expect(extensions['stale']).toEqual(['people']);
  });

  it('answers nobody who has signed in with what is old, and strangers not with what others got', async () => {
    await using remotes = await open();
    const alice = { authorization: `Bearer ${await signToken()}` };
    await askOften(remotes, alice);
    await remotes.stop('people');
    expect((await ask(remotes)).errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }]);
    await using others = await open();
    await askOften(others);
    await others.stop('people');
    expect((await ask(others, alice)).errors).toMatchObject([
      { extensions: { code: 'SUBGRAPH_UNAVAILABLE' } },
    ]);
  });

  it('is not stood in for once its answers are too old', async () => {
    await using remotes = await open(1);
    await askOften(remotes);
    const asked = Date.now();
    await remotes.stop('people');
    await until(() => Date.now() > asked + 1);
    expect((await ask(remotes)).data).toEqual({ track: { title: 'One', likedBy: null } });
  });

  it('is not stood in for once moderators have hidden something since', async () => {
    const cache = new MemoryCache();
    await using remotes = await open(undefined, cache);
    await askOften(remotes);
    await noteHiding(cache);
    await remotes.stop('people');
    const { data, extensions } = await ask(remotes);
    expect(data).toEqual({ track: { title: 'One', likedBy: null } });
    expect(extensions).not.toHaveProperty('stale');
  });

  it('gives the gateway itself no old answer, as to whether an API key is still good', async () => {
    let isWell = true;
    await using stub = await startStub((request, response) => {
      request.resume().on('end', () => response.writeHead(isWell ? 200 : 500).end('{"data":{"x":1}}'));
    });
    await using remote = createRemoteSubgraph({
      name: 'x',
      urls: [stub.url],
      internalKey,
      cache: new MemoryCache(),
      stale: { sample: 1 },
    });
    const askTwice = async (notes?: Notes) => {
      for (let i = 0; i < 2; i++) await remote.send('{}', stranger, { notes });
      await new Promise(setImmediate);
    };
    await askTwice();
    isWell = false;
    await expect(remote.send('{}', stranger, { notes: {} })).rejects.toThrow('not available');
    isWell = true;
    await askTwice({});
    isWell = false;
    expect(await remote.send('{}', stranger, { notes: {} })).toEqual({ data: { x: 1 } });
    await expect(remote.send('{}', stranger)).rejects.toThrow('not available');
  });

  it('has each event of a subscription say so', async () => {
    await using remotes = await open();
    const ticks = 'subscription { ticks { seq track { title likedBy { name } } } }';
    const client = connect(remotes.gateway);
    const results = client.iterate({ query: ticks });
    const tick = async (seq: number) => {
      const next = results.next();
      await until(() => remotes.gateway.ticker.listeners === 1);
      remotes.gateway.ticker.tick(seq);
      return (await next).value;
    };
    for (const seq of [1, 2]) await tick(seq);
    await new Promise(setImmediate);
    await remotes.stop('people');
    for (const seq of [3, 4])
      expect(await tick(seq)).toMatchObject({
        data: { ticks: { seq, track: { likedBy: { name: 'Alice' } } } },
        extensions: { stale: ['people'] },
      });
    await client.dispose();
  });
});
