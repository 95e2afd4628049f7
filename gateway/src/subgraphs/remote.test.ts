import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { post, signToken } from '../testing/gateway.ts';
import { known } from '../testing/live.ts';
import { type Remotes, startRemotes, startStub } from '../testing/remotes.ts';
import { connect, until } from '../testing/sockets.ts';

describe('subgraphs behind URLs', () => {
  let remotes: Remotes;
  beforeAll(async () => {
    remotes = await startRemotes();
  });
  afterAll(async () => remotes[Symbol.asyncDispose]());

  it('answer as those in process do, and learn who asks', async () => {
    const headers = {
      authorization: `Bearer ${await signToken()}`,
      'x-request-id': 'r-1',
      'user-agent': 'tester',
    };
    const query =
      'query T($id: ID!) { track(id: $id) { title likedBy { name } reaction } me { id } greeting }';
    const { data } = await post(remotes.gateway, { query, variables: { id: known.track } }, headers);
    expect(data).toEqual({
      track: { title: 'One', likedBy: { name: 'Alice' }, reaction: 'LIKE' },
      me: { id: known.user },
      greeting: '127.0.0.1 tester r-1',
    });
  });

  it('do not believe what the client says of itself', async () => {
    const forged = { 'x-volna-identity': 'forged', 'x-user-id': known.user };
    expect((await post(remotes.gateway, { query: '{ me { id } }' }, forged)).data).toEqual({ me: null });
  });

  it('stream their subscriptions, on one socket for one caller', async () => {
    const { gateway } = remotes;
    const client = connect(gateway, { connectionParams: { authorization: `Bearer ${await signToken()}` } });
    const streams = [1, 2].map(() =>
      client.iterate({ query: 'subscription { ticks { seq track { title reaction } } }' }),
    );
    const firsts = streams.map((stream) => stream.next());
    await until(() => gateway.ticker.listeners === 2);
    gateway.ticker.tick(1);
    for (const first of await Promise.all(firsts)) {
      expect(first.value).toMatchObject({
        data: { ticks: { seq: 1, track: { title: 'One', reaction: 'LIKE' } } },
      });
    }
    for (const stream of streams) await stream.return?.();
    await until(() => gateway.ticker.listeners === 0);
    await client.dispose();
  });

  it('that refuse a subscription have their reason passed on', async () => {
    const client = connect(remotes.gateway);
    const { value } = await client.iterate({ query: 'subscription { refused { seq } }' }).next();
    expect(value).toMatchObject({ errors: [{ message: 'not for you', extensions: { code: 'FORBIDDEN' } }] });
    await client.dispose();
  });

  it('that are cut off end their streams with an error', async () => {
    await using own = await startRemotes();
    const client = connect(own.gateway);
    const pending = client.iterate({ query: 'subscription { ticks { seq } }' }).next();
    await until(() => own.gateway.ticker.listeners === 1);
    await own.stop('media');
    expect((await pending).value).toEqual({
      errors: [
        {
          message: 'media is not available',
          extensions: { code: 'SUBGRAPH_UNAVAILABLE', serviceName: 'media' },
        },
      ],
      extensions: expect.anything(),
    });
    await client.dispose();
  });
});

const unavailable = (path: (string | number)[]) => ({
  message: 'people is not available',
  path,
  extensions: { code: 'SUBGRAPH_UNAVAILABLE', serviceName: 'people' },
});

describe('a subgraph that fails', () => {
  it('leaves out its part of the answer', async () => {
    await using remotes = await startRemotes();
    await remotes.stop('people');
    const query = 'query T($id: ID!) { track(id: $id) { title reaction } me { id } }';
    const { status, data, errors } = await post(remotes.gateway, { query, variables: { id: known.track } });
    expect(status).toBe(200);
    expect(data).toEqual({ track: { title: 'One', reaction: null }, me: null });
    expect(errors).toHaveLength(2);
    expect(errors).toEqual(expect.arrayContaining([unavailable(['me']), unavailable(['track'])]));
    expect(JSON.stringify(errors)).not.toMatch(/127\.0\.0\.1|localhost|http/);
  });

  it.each([
    ['answers nothing', () => {}],
    [
      'answers with a status',
      (_: unknown, response: any) => response.writeHead(503).end('http://10.0.0.7 is sick'),
    ],
    ['answers no JSON', (_: unknown, response: any) => response.end('<html>')],
    ['hangs up', (request: any) => request.socket.destroy()],
  ])('that is, %s', async (_case, answer) => {
    await using sick = await startStub(answer);
    await using remotes = await startRemotes({
      urlsOf: (url, name) => (name === 'people' ? [sick.url] : [url]),
    });
    const { data, errors } = await post(remotes.gateway, { query: '{ me { id } boom }' });
    expect(data).toEqual({ me: null, boom: null });
    expect(errors).toContainEqual(unavailable(['me']));
  });

  it('is asked once more, elsewhere, for a query but not for a mutation', async () => {
    const asked: string[] = [];
    await using sick = await startStub((request) => {
      asked.push(String(request.method));
      request.socket.destroy();
    });
    await using remotes = await startRemotes({ urlsOf: (url) => [sick.url, url] });
    const first = await post(remotes.gateway, { query: '{ me { id } }' });
    expect({ data: first.data, errors: first.errors }).toEqual({ data: { me: null }, errors: undefined });
    expect(asked).toHaveLength(1);
    const mutation = await post(remotes.gateway, { query: 'mutation { add(title: "x") { id } }' });
    expect(mutation.errors?.[0]?.extensions['code']).toBe('SUBGRAPH_UNAVAILABLE');
    expect(asked).toHaveLength(2);
  });
});
