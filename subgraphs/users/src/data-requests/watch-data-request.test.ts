import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dataRequestMoved, newId } from '@volna/events';

import { openPeople, type People, type Person } from '../testing/people.ts';
import { watchDataRequest } from './watch-data-request.ts';

describe('watchDataRequest', () => {
  let people: People;
  let alice: Person;

  beforeAll(async () => {
    people = await openPeople();
    alice = await people.register('alice');
  });
  afterAll(() => people[Symbol.asyncDispose]());

  const watch = (requestId: string, { viewer }: Person) =>
    watchDataRequest({ db: people.db, bus: people.bus, viewer }, requestId);

  async function begin() {
    const requestId = newId('DataRequest');
    const parts = { create: [{ service: 'albums' }, { service: 'catalog' }] };
    await people.db.dataRequest.create({ data: { id: requestId, userId: alice.id, kind: 'EXPORT', parts } });
    return requestId;
  }

  it('tells each state with the parts that were done in it, whatever happens before it is read', async () => {
    const requestId = await begin();
    const states = await watch(requestId, alice);
    const first = await states.next();
    await people.db.dataRequestPart.updateMany({
      where: { requestId, service: 'albums' },
      data: { doneAt: new Date() },
    });
    people.bus.signal(dataRequestMoved, { requestId });
    const second = await states.next();
    expect(first.value).toMatchObject({ parts: [{ doneAt: null }, { doneAt: null }] });
    expect(second.value).toMatchObject({ parts: [{ doneAt: expect.anything() }, { doneAt: null }] });
    await people.db.dataRequest.update({ where: { id: requestId }, data: { state: 'DONE' } });
    people.bus.signal(dataRequestMoved, { requestId });
    expect((await states.next()).value).toMatchObject({ state: 'DONE' });
    expect((await states.next()).done).toBe(true);
  });

  it('tells nothing to anybody else', async () => {
    const bob = await people.register('bob');
    await expect(watch(await begin(), bob)).rejects.toMatchObject({
      extensions: { code: 'NOT_FOUND' },
    });
  });
});
