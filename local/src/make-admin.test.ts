import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LoginDocument, RegisterDocument } from '@volna/gateway/client';

import { openApi } from './client/api.ts';
import { runEntry, type RunningVolna, startVolna } from './testing/volna-process.ts';

const ENTRY = 'local/src/make-admin.ts';
const PASSWORD = 'correct horse battery';

describe('npm run make-admin', () => {
  let directory: string;
  let data: string;
  let volna: RunningVolna;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'volna-admin-'));
    data = join(directory, 'data');
    await mkdir(data);
    volna = await startVolna(data);
  }, 120_000);

  afterAll(async () => {
    volna.child.kill('SIGTERM');
    await volna.ended;
    await rm(directory, { recursive: true, force: true });
  });

  async function register(username: string) {
    const input = { username, email: `${username}@example.org`, password: PASSWORD };
    const { register: opened } = await openApi(`${volna.url}/graphql`).ask(RegisterDocument, { input });
    expect(opened.errors).toEqual([]);
  }

  async function rolesOf(login: string) {
    const input = { login, password: PASSWORD };
    const { login: opened } = await openApi(`${volna.url}/graphql`).ask(LoginDocument, { input });
    const [, claims = ''] = (opened.session?.accessToken ?? '').split('.');
    return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { roles: string[] }).roles;
  }

  const makeAdmin = (...args: string[]) => runEntry(ENTRY, ['--data', data, ...args]).ended;

  it('makes an account an ADMIN while Volna runs, and while it does not', async () => {
    await register('alma');
    await register('bert');
    expect(await makeAdmin('Alma')).toEqual({ code: 0, output: 'volna: Alma is an ADMIN now\n' });
    expect(await makeAdmin('alma')).toEqual({ code: 0, output: 'volna: alma is an ADMIN already\n' });
    expect(await rolesOf('alma')).toEqual(['USER', 'ADMIN']);
    expect(await rolesOf('bert')).toEqual(['USER']);

    volna.child.kill('SIGTERM');
    await volna.ended;
    expect(await makeAdmin('bert')).toEqual({ code: 0, output: 'volna: bert is an ADMIN now\n' });
    volna = await startVolna(data);
    expect(await rolesOf('bert')).toEqual(['USER', 'ADMIN']);
  }, 120_000);

  it('says what is wrong', async () => {
    expect(await makeAdmin('nobody')).toEqual({
      code: 1,
      output: 'volna: nobody is called nobody: register first\n',
    });
    expect((await makeAdmin()).code).toBe(2);
    const nowhere = await runEntry(ENTRY, ['--data', join(directory, 'nowhere'), 'alma']).ended;
    expect([nowhere.code, nowhere.output]).toEqual([1, expect.stringContaining('there is no Volna in')]);
    expect((await makeAdmin('--help')).output).toContain('npm run make-admin');
  });
});
