import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@volna/events';
import { migrate } from '@volna/platform/migrate';
import { openTestDatabase, type TestDatabase } from '@volna/platform/testing/database';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';

import { type Database, openDatabase } from '../database.ts';
import { replaceKeys, rotateKeys } from './key-rotation.ts';
import { openSigningKeys, type SigningKeys } from './signing-keys.ts';

const COMMAND = join(import.meta.dirname, '../commands/rotate-keys.ts');
const claims = { userId: newId('User'), sessionId: newId('Session'), roles: ['USER'] };

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await openTestDatabase();
  await migrate(database.url, join(import.meta.dirname, '../../prisma/migrations'));
  db = openDatabase(database.url);
});
afterAll(async () => {
  await db.$disconnect();
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await db.signingKey.deleteMany();
});

const sign = async (keys: SigningKeys) => keys.sign(claims, new Date(), new Date(Date.now() + 60_000));
const kidOf = (token: string) => decodeProtectedHeader(token).kid;
const sorted = (kids: (string | undefined)[]) => kids.map(String).toSorted();
const kidsOf = ({ keys }: { keys: { kid?: string }[] }) => sorted(keys.map(({ kid }) => kid));
const isGood = async (keys: SigningKeys, token: string) =>
  jwtVerify(token, createLocalJWKSet(keys.jwks())).then(
    () => true,
    () => false,
  );
/** As though so much more time had gone by since keys began to sign, or will. */
const later = async (seconds: number) =>
  db.$executeRaw`UPDATE signing_key SET active_at = active_at - ${seconds} * interval '1 second'`;

describe('the keys of access tokens', () => {
  it('are one key for all processes that start at once', async () => {
    await using a = await openSigningKeys(db);
    await using b = await openSigningKeys(db);
    expect(kidsOf(a.jwks())).toEqual(kidsOf(b.jwks()));
    expect(await isGood(b, await sign(a))).toBe(true);
  });

  it('are published, without their private halves, before they sign, and stay while their tokens do', async () => {
    await using keys = await openSigningKeys(db);
    await using other = await openSigningKeys(db);
    const before = await sign(keys);
    const { kid } = await rotateKeys(db);
    await keys.look();
    expect(kidsOf(keys.jwks())).toEqual(sorted([kid, kidOf(before)]));
    expect(JSON.stringify(keys.jwks())).not.toMatch(/"(?:d|p|q|dp|dq|qi)":/);
    expect(kidOf(await sign(keys))).toBe(kidOf(before));

    await later(121);
    await keys.look();
    await other.look();
    const after = await sign(keys);
    expect([kidOf(after), kidOf(await sign(other))]).toEqual([kid, kid]);
    expect(await isGood(other, before)).toBe(true);
    expect(await isGood(other, after)).toBe(true);
  });

  it('leave once no token of theirs can be good, and stay known for what they signed for good', async () => {
    await using keys = await openSigningKeys(db);
    const before = await sign(keys);
    const { kid } = await rotateKeys(db);
    await later(120 + 17 * 60);
    await keys.look();
    expect(kidsOf(keys.jwks())).toEqual([kid]);
    expect(kidsOf(keys.historicalJwks())).toEqual(sorted([kid, kidOf(before)]));
    expect(await isGood(keys, before)).toBe(false);
    const old = await db.signingKey.findUniqueOrThrow({ where: { kid: kidOf(before) ?? '' } });
    expect(Object.keys(old.privateJwk as object).toSorted()).toEqual(['e', 'kty', 'n']);
  });

  it('get a successor at the age that is set, and only one', async () => {
    await using keys = await openSigningKeys(db, 7);
    await later(6 * 86_400);
    await keys.look();
    expect(keys.jwks().keys).toHaveLength(1);
    await later(2 * 86_400);
    await Promise.all([keys.look(), keys.look()]);
    await keys.look();
    expect(keys.jwks().keys).toHaveLength(2);
  });

  it('never get one where the age is 0', async () => {
    await using keys = await openSigningKeys(db, 0);
    await later(1_000 * 86_400);
    await keys.look();
    expect(keys.jwks().keys).toHaveLength(1);
  });

  it('are replaced at once when others may know them', async () => {
    await using keys = await openSigningKeys(db);
    const before = await sign(keys);
    const { kid } = await replaceKeys(db);
    await keys.look();
    expect(kidOf(await sign(keys))).toBe(kid);
    expect(await isGood(keys, before)).toBe(false);
  });

  it('are rotated by a command, which is logged', async () => {
    await using keys = await openSigningKeys(db);
    const options = { env: { ...process.env, USERS_DATABASE_URL: database.url } };
    const { stdout } = await promisify(execFile)(process.execPath, [COMMAND], options);
    await keys.look();
    const kid = /^key (\S+) signs from 2\S+Z\n$/.exec(stdout)?.[1];
    expect(kidsOf(keys.jwks())).toContain(kid);
    const logged = await db.auditEntry.findFirst({ orderBy: { id: 'desc' } });
    expect(logged).toMatchObject({ action: 'signing-key.rotated', details: { kid } });
  });
});
