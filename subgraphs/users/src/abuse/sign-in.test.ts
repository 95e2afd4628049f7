import { argon2 } from 'node:crypto';
import { promisify } from 'node:util';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryCache } from '@volna/platform/cache-memory';

import { openPeople, PASSWORD, type People } from '../testing/people.ts';
import { type Derive, openPasswords, type PasswordCost } from '../tokens/password.ts';
import { networkOf } from './network.ts';

const HOME = { ip: '198.51.100.7', userAgent: 'Mozilla/5.0 Testfox/120.0', acceptLanguage: 'en' };
const UPDATED = { ...HOME, ip: '198.51.100.99', userAgent: 'Mozilla/5.0 Testfox/121.5' };
const ON_THE_ROAD = { ...HOME, ip: '2001:db8:1:200::5' };
const NEW_DEVICE = { ...HOME, userAgent: 'curl/8.1' };
const ABROAD = { ip: '192.0.2.1', userAgent: 'Otherfox/3', acceptLanguage: 'de' };

class AwayCache extends MemoryCache {
  isAway = false;

  override async get(key: string): Promise<string | null> {
    if (this.isAway) throw new Error('away');
    return super.get(key);
  }

  override async increment(key: string, by: number, ttlMs: number): Promise<number> {
    if (this.isAway) throw new Error('away');
    return super.increment(key, by, ttlMs);
  }
}

const codeOf = (answer: { refused?: string; errors?: { code: string }[] }) =>
  answer.refused ?? answer.errors?.[0]?.code;

describe('a sign-in', () => {
  let people: People;
  let cache: AwayCache;
  /** What each argon2 cost, in the order in which they were made. */
  const work: PasswordCost[] = [];
  const derive: Derive = async (algorithm, params) => {
    const { memory, passes, parallelism } = params;
    work.push({ memory, passes, parallelism });
    return promisify(argon2)(algorithm, params);
  };
  const cost = { memory: 7168, passes: 5, parallelism: 1 };

  beforeAll(async () => {
    cache = new AwayCache();
    people = await openPeople({ cache, passwords: openPasswords(cost, derive) });
  });
  beforeEach(() => cache[Symbol.asyncDispose]());
  afterAll(() => people[Symbol.asyncDispose]());

  const wrong = { login: 'nobody', password: 'not it at all' };
  it('that fails has one answer and the same work, whatever is wrong', async () => {
    await people.register('known');
    const gone = await people.register('gone');
    await gone.ask('DeactivateAccount', { password: PASSWORD });
    const other = await people.register('linked');
    await people.db.user.update({ where: { id: other.id }, data: { passwordHash: null } });

    const answers: unknown[] = [];
    for (const login of ['nobody', 'known', 'gone', 'linked', 'linked@example.org']) {
      work.length = 0;
      answers.push(await people.as()('Login', { login, password: 'not it at all' }));
      expect(work).toEqual([cost]);
    }
    const [first, ...rest] = answers;
    expect(rest).toEqual(rest.map(() => first));
    expect(first).toMatchObject({ session: null, errors: [{ code: 'INVALID_CREDENTIALS', path: null }] });
  });

  it('hashes a password anew that was hashed at another cost', async () => {
    const { id } = await people.register('rehashed');
    const old = await openPasswords({ memory: 8192, passes: 1, parallelism: 1 }).hash(PASSWORD);
    await people.db.user.update({ where: { id }, data: { passwordHash: old } });
    await Promise.all([people.signIn('rehashed'), people.signIn('rehashed')]);
    const { passwordHash } = await people.db.user.findUniqueOrThrow({ where: { id } });
    expect(passwordHash).toMatch(/^\$argon2id\$v=19\$m=7168,t=5,p=1\$/);
    await people.signIn('rehashed');
  });

  it('is refused for a name after ten tries from one network, many at once too, and goes on elsewhere', async () => {
    await people.register('guessed');
    const tries = Array.from({ length: 25 }, () =>
      people.as(HOME)('Login', { login: 'guessed', password: 'not it at all' }),
    );
    const codes = (await Promise.all(tries)).map(codeOf);
    expect(codes.filter((code) => code === 'INVALID_CREDENTIALS')).toHaveLength(10);
    expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(15);
    const neighbour = { ...HOME, ip: '198.51.100.250' };
    expect(codeOf(await people.as(neighbour)('Login', { login: 'guessed', password: PASSWORD }))).toBe(
      'RATE_LIMITED',
    );
    await people.signIn('guessed', ABROAD);
  });

  it('is refused for a name that is tried from everywhere, but for where its owner has signed in before', async () => {
    await people.register('besieged', HOME);
    for (let i = 0; i < 101; i++) {
      await people.as({ ip: `203.0.${i}.1` })('Login', { login: 'besieged', password: 'not it at all' });
    }
    expect(codeOf(await people.as(ABROAD)('Login', { login: 'besieged', password: PASSWORD }))).toBe(
      'RATE_LIMITED',
    );
    await people.signIn('besieged', UPDATED);
  });

  it('is refused for every name from a network that tries too many', async () => {
    await people.register('innocent', HOME);
    for (let i = 0; i < 200; i++) {
      await people.as(ABROAD)('Login', { ...wrong, login: `guess-${i}` });
    }
    expect(codeOf(await people.as(ABROAD)('Login', { login: 'innocent', password: PASSWORD }))).toBe(
      'RATE_LIMITED',
    );
    await people.signIn('innocent', HOME);
  });

  it('goes on while the cache is away, and is counted none the less', async () => {
    await people.register('patient');
    cache.isAway = true;
    await people.signIn('patient');
    await people.register('newcomer');
    const guess = () => people.as(ABROAD)('Login', { login: 'patient', password: 'not it at all' });
    const answers = [];
    for (let tries = 0; tries < 11; tries++) answers.push(codeOf(await guess()));
    expect(answers.at(0)).toBe('INVALID_CREDENTIALS');
    expect(answers.at(-1)).toBe('RATE_LIMITED');
    cache.isAway = false;
    await people.signIn('patient');
  });

  it.each([
    ['from the same device and network', UPDATED, 0, []],
    ['from another network', ON_THE_ROAD, 20, ['NEW_NETWORK']],
    ['from a new device', NEW_DEVICE, 50, ['NEW_DEVICE']],
    ['from a new device elsewhere', ABROAD, 70, ['NEW_DEVICE', 'NEW_NETWORK']],
  ])('%s has its risk', async (_from, caller, riskScore, riskReasons) => {
    const name = `risk-${riskScore}`;
    await people.register(name, HOME);
    const { ask } = await people.signIn(name, caller);
    const { sessions } = await ask('MyAccount');
    const current = sessions.find((session: { current: boolean }) => session.current);
    expect(current).toMatchObject({ riskScore, riskReasons, method: 'password', ip: caller.ip });
    const letters = await people.db.letter.count({
      where: { template: 'new-sign-in', user: { username: name } },
    });
    expect(letters).toBe(riskScore >= 50 ? 1 : 0);
  });

  it('after many wrong passwords, or from a network that tries many names, is a risk', async () => {
    const person = await people.register('risky', HOME);
    for (let i = 0; i < 5; i++) await people.as(HOME)('Login', { login: 'risky', password: 'not it at all' });
    for (let i = 0; i < 20; i++) await people.as(HOME)('Login', { ...wrong, login: `guess-${i}` });
    const { viewer } = await people.signIn('risky', HOME);
    const session = await people.db.session.findUniqueOrThrow({ where: { id: viewer.sessionId } });
    expect(session).toMatchObject({ riskScore: 60, riskReasons: ['MANY_FAILURES', 'MANY_ACCOUNTS'] });
    const admin = await people.crown(await people.register('overseer'));
    const query =
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { sessions { riskScore } } } }';
    const variables = { of: [{ __typename: 'User', id: person.id }] };
    const caller = { viewer: admin.viewer, correlationId: 'test', ip: '127.0.0.1', userAgent: 'test' };
    const { data } = await people.users.subgraph.execute({ query, variables }, caller);
    expect(JSON.stringify(data)).toContain('"riskScore":60');
  });

  it('from a new device is one device, however often at once', async () => {
    const { id } = await people.register('twins', HOME);
    await Promise.all(Array.from({ length: 4 }, () => people.signIn('twins', NEW_DEVICE)));
    expect(await people.db.device.count({ where: { userId: id } })).toBe(2);
  });

  it('tells nobody of a new device who does not want to know', async () => {
    const { ask, id } = await people.register('unbothered', HOME);
    await ask('UpdateSettings', { signInLetters: false });
    await people.signIn('unbothered', ABROAD);
    expect(await people.db.letter.count({ where: { template: 'new-sign-in', userId: id } })).toBe(0);
  });

  async function besiege(name: string, verified: boolean) {
    const { id } = await people.register(name, HOME);
    const emailVerifiedAt = verified ? new Date() : null;
    await people.db.user.update({ where: { id }, data: { emailVerifiedAt } });
    for (let i = 0; i < 5; i++) {
      await people.as({ ip: '203.0.113.5' })('Login', { login: name, password: 'not it at all' });
    }
    return id;
  }

  describe('of high risk', () => {
    it('wants a code from a letter, which is good once', async () => {
      const userId = await besiege('challenged', true);
      const login = { login: 'challenged', password: PASSWORD };
      const asked = await people.as(ABROAD)('Login', login);
      expect(asked).toMatchObject({
        session: null,
        errors: [{ code: 'CHALLENGE_REQUIRED', path: ['challenge'] }],
      });
      const { values } = await people.mailbox.take('sign-in-code', 'challenged@example.org');
      const challenge = values['code'] ?? '';
      expect(challenge).toMatch(/^\d{8}$/);
      expect(JSON.stringify(await people.db.letter.findMany({ where: { userId } }))).not.toContain(challenge);

      const wrongCode = challenge === '00000000' ? '11111111' : '00000000';
      expect(codeOf(await people.as(ABROAD)('Login', { ...login, challenge: wrongCode }))).toBe(
        'CHALLENGE_REQUIRED',
      );
      expect(codeOf(await people.as(ABROAD)('Login', { ...login, password: 'not it', challenge }))).toBe(
        'INVALID_CREDENTIALS',
      );
      const spaced = `${challenge.slice(0, 4)} ${challenge.slice(4)}`;
      const both = await Promise.all([
        people.as(ABROAD)('Login', { ...login, challenge: spaced }),
        people.as({ ...ABROAD, userAgent: 'Thief/1' })('Login', { ...login, challenge }),
      ]);
      expect(both.map(codeOf).filter((code) => code === undefined)).toHaveLength(1);
      const { session } = both.find((answer) => answer.session);
      expect(session.accessToken).toBeTruthy();
    });

    it('is let in, and told of, where the address was never proved', async () => {
      const userId = await besiege('unproved', false);
      await people.signIn('unproved', ABROAD);
      expect(await people.db.letter.count({ where: { userId, template: 'new-sign-in' } })).toBe(1);
    });

    it('has ten tries at a code', async () => {
      await besiege('hammered', true);
      const codes: unknown[] = [];
      for (let i = 0; i < 12; i++) {
        const caller = { ...ABROAD, ip: `203.0.${i}.1` };
        const input = { login: 'hammered', password: PASSWORD, challenge: String(i).padStart(8, '0') };
        codes.push(codeOf(await people.as(caller)('Login', input)));
      }
      expect(codes.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'CHALLENGE_REQUIRED'));
      expect(codes.slice(10)).toEqual(['RATE_LIMITED', 'RATE_LIMITED']);
    });
  });
});

describe('a network', () => {
  it('opens so many accounts in an hour', async () => {
    const registrationsOfNetwork = { limit: 2, withinMs: 60_000 };
    await using people = await openPeople({ limits: { registrationsOfNetwork } });
    const open = (username: string, ip: string) =>
      people.as({ ip })('Register', { username, email: `${username}@example.org`, password: PASSWORD });
    await open('first', '192.0.2.1');
    await open('second', '192.0.2.2');
    expect(await open('third', '192.0.2.3')).toEqual({ refused: 'RATE_LIMITED' });
    expect((await open('third', '198.51.100.1')).errors).toEqual([]);
  });

  it.each([
    ['192.0.2.77', '192.0.2.0/24'],
    ['::ffff:192.0.2.77', '192.0.2.0/24'],
    ['2001:db8:1:2ff::1', '2001:db8:1:200::/56'],
    ['2001:db8:1:3ff:1:2:3:4', '2001:db8:1:300::/56'],
    ['fe80::1%eth0', 'fe80:0:0:0::/56'],
    ['::1', '0:0:0:0::/56'],
    ['', 'unknown'],
    ['localhost', 'unknown'],
  ])('of %s is %s', (ip, network) => expect(networkOf(ip)).toBe(network));
});
