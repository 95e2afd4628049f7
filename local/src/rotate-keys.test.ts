import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MeDocument } from '@volna/gateway/client';

import { signUp } from './testing/listener.ts';
import { openTestStack, type TestStack } from './testing/test-stack.ts';
import { until } from './testing/until.ts';
import { runEntry } from './testing/volna-process.ts';

const ENTRY = 'local/src/rotate-keys.ts';

describe('npm run rotate-keys', () => {
  let volna: TestStack;
  beforeAll(async () => {
    volna = await openTestStack();
  }, 60_000);
  afterAll(async () => {
    await volna[Symbol.asyncDispose]();
  });

  async function published(): Promise<string[]> {
    const response = await fetch(`${volna.stack.url}/.well-known/jwks.json`);
    const { keys } = (await response.json()) as { keys: { kid: string }[] };
    return keys.map(({ kid }) => kid);
  }

  it('makes a key that the running Volna publishes, and ends no sign-in', async () => {
    const alice = await signUp(volna.endpoint);
    const [first] = await published();
    const env = { USERS_DATABASE_URL: volna.backends.databaseUrl('users') };
    const { code, output } = await runEntry(ENTRY, [], env).ended;
    expect(code).toBe(0);
    const kid = /^volna: key (\S+) signs from /.exec(output)?.[1] ?? '';
    // again while it waits: it is the same one
    expect((await runEntry(ENTRY, [], env).ended).output).toBe(output);
    await until('it is published', async () => (await published()).includes(kid));
    expect(new Set(await published())).toEqual(new Set([first, kid]));
    expect((await alice.api.ask(MeDocument, {})).me?.username).toBe(alice.username);
  }, 60_000);

  it('says what is wrong', async () => {
    const nowhere = join(volna.directory, 'nowhere');
    const { code, output } = await runEntry(ENTRY, ['--data', nowhere], { POSTGRES_URL: '' }).ended;
    expect([code, output]).toEqual([1, expect.stringContaining('there is no Volna in')]);
    expect((await runEntry(ENTRY, ['--help']).ended).output).toContain('--compromised');
  });
});
