import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { artistCreated, LetterId, letterSettled, newId, UserId } from '@volna/events';

import { openPeople, type People, type Person } from './testing/people.ts';

describe('letters that were not sent', () => {
  let people: People;
  let admin: Person;

  beforeAll(async () => {
    people = await openPeople();
    admin = await people.crown(await people.register('root'));
  });

  afterAll(() => people[Symbol.asyncDispose]());

  it('are listed for an ADMIN, with why, and handed out anew', async () => {
    let broken = true;
    const handled: string[] = [];
    const fail = async (artistId: string) => {
      if (broken) throw new Error('the mail server said 451 to RCPT TO');
      handled.push(artistId);
    };
    const options = { retry: { deliveries: 1 } };
    await using _ = await people.bus.consume(
      artistCreated,
      'failing',
      ({ artistId }) => fail(artistId),
      options,
    );
    const fact = { artistId: newId('Artist'), ownerId: UserId.parse(admin.id), name: 'A' };
    await people.bus.publish(artistCreated, fact);
    await people.bus.idle();

    const [letter, ...others] = await admin.ask('DeadLetters');
    expect(others).toEqual([]);
    expect(letter).toMatchObject({
      subject: 'catalog.artist.created',
      consumer: 'failing',
      reason: 'the mail server said 451 to RCPT TO',
      deliveries: 1,
      failedAt: expect.stringMatching(/Z$/),
    });
    expect(JSON.parse(letter.data)).toEqual(fact);
    expect(await admin.ask('DeadLetters', undefined, { first: 0 })).toEqual([]);
    expect(await admin.ask('DeadLetters', undefined, { first: -1 })).toEqual({ refused: 'BAD_USER_INPUT' });

    broken = false;
    expect(await admin.ask('ReplayDeadLetter', { id: letter.id })).toEqual({ ok: true, errors: [] });
    await people.bus.idle();
    expect(handled).toEqual([fact.artistId]);
    expect(await admin.ask('DeadLetters')).toEqual([]);
    expect((await admin.ask('ReplayDeadLetter', { id: letter.id })).errors[0].code).toBe('NOT_FOUND');
    const audited = await people.db.auditEntry.findMany({ where: { action: 'dead-letter.replayed' } });
    expect(audited).toMatchObject([{ actorId: admin.id, subjectId: letter.id, outcome: 'OK' }]);
  });

  it('are nothing to anybody else', async () => {
    const { ask } = await people.register('mallory');
    for (const operation of ['DeadLetters', 'ReplayDeadLetter']) {
      expect(await ask(operation, { id: '1' })).toEqual({ refused: 'FORBIDDEN' });
      expect(await people.as()(operation, { id: '1' })).toEqual({ refused: 'UNAUTHENTICATED' });
    }
  });

  it('have a row that says what became of them; what is sent stays so, and holds nothing more', async () => {
    const id = LetterId.parse(newId('Letter'));
    const values = { to: 'old@example.org' };
    await people.db.letter.create({ data: { id, userId: admin.id, template: 'email-changed', values } });
    const settle = async (sent: boolean, error: string | null) => {
      await people.bus.publish(letterSettled, { letterId: id, sent, error });
      await people.bus.idle();
      return people.db.letter.findUniqueOrThrow({ where: { id } });
    };
    expect(await settle(false, 'the mail server said 550')).toMatchObject({
      state: 'FAILED',
      error: 'the mail server said 550',
      values,
    });
    expect(await settle(true, null)).toMatchObject({ state: 'SENT', error: null, values: {} });
    expect(await settle(false, 'late')).toMatchObject({ state: 'SENT', error: null });
  });
});
