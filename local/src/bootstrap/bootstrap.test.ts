import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, it } from '@jest/globals';

import { makeFreshClone } from '../testing/fresh-clone.ts';
import { until } from '../testing/until.ts';
import type { Running } from '../testing/volna-process.ts';

const ROOT = join(import.meta.dirname, '../../..');
const WAITING = /another command is installing \(process \d+\), waiting/;

const untilSaid = (running: Running, what: RegExp) =>
  until(String(what), async () => what.test(running.output()));

describe('a command on a fresh machine', () => {
  it('waits for another one that installs, and uses what that has installed', async () => {
    await using clone = await makeFreshClone();
    const first = clone.run();
    await clone.untilLogged('installing');
    const others = [clone.run(), clone.run()];
    await Promise.all(others.map((other) => untilSaid(other, WAITING)));
    await clone.write('go', '');
    const codes = (await Promise.all([first, ...others].map(({ ended }) => ended))).map(({ code }) => code);
    expect(codes).toEqual([0, 0, 0]);
    expect(await clone.log()).toEqual(['installing', 'ended', 'generated', 'ran', 'ran', 'ran']);
  });

  it('takes over from one that was killed, once the npm of that has ended', async () => {
    await using clone = await makeFreshClone();
    const killed = clone.run();
    await clone.untilLogged('installing');
    killed.child.kill('SIGKILL');
    const next = clone.run();
    await untilSaid(next, WAITING);
    await clone.write('go', '');
    expect((await next.ended).code).toBe(0);
    expect(await clone.log()).toEqual(['installing', 'ended', 'installing', 'ended', 'generated', 'ran']);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('leaves nothing running at %s, and begins anew', async (signal) => {
    await using clone = await makeFreshClone();
    const stopped = clone.run();
    await clone.untilLogged('installing');
    stopped.child.kill(signal);
    const interrupted = 'installing dependencies was interrupted; the next command begins it anew\n';
    expect(await stopped.ended).toEqual({ code: 130, output: expect.stringContaining(interrupted) });
    await clone.write('go', '');
    expect((await clone.run().ended).code).toBe(0);
    expect(await clone.log()).toEqual(['installing', 'installing', 'ended', 'generated', 'ran']);
  });

  it('installs once, and again when something of it is missing', async () => {
    await using clone = await makeFreshClone();
    await clone.write('go', '');
    const { output } = await clone.run().ended;
    expect(output).toMatch(/installing dependencies: done in \d+ s\n/);
    expect(output).not.toContain('\r');
    expect(await clone.run().ended).toEqual({ code: 0, output: '' });
    await rm(join(clone.folder, 'node_modules/.bin'), { recursive: true });
    expect((await clone.run().ended).code).toBe(0);
    const installed = ['installing', 'ended', 'generated'];
    expect(await clone.log()).toEqual([...installed, 'ran', 'ran', ...installed, 'ran']);
  });

  it('takes what `npm install` has installed, and does nothing anew for other scripts', async () => {
    await using clone = await makeFreshClone();
    await clone.write('go', '');
    await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund'], { cwd: clone.folder });
    expect((await clone.run().ended).code).toBe(0);
    const described = JSON.parse(readFileSync(join(clone.folder, 'package.json'), 'utf8'));
    described.scripts.other = 'true';
    await clone.write('package.json', JSON.stringify(described));
    expect((await clone.run().ended).code).toBe(0);
    expect(await clone.log()).toEqual(['installing', 'ended', 'generated', 'ran', 'ran']);
  });

  it('takes no dependencies away from a command that runs', async () => {
    await using clone = await makeFreshClone();
    await clone.write('go', '');
    await clone.write('stay', '');
    const running = clone.run();
    await clone.untilLogged('ran');
    const lock = JSON.parse(readFileSync(join(clone.folder, 'package-lock.json'), 'utf8'));
    lock.packages['node_modules/more'] = { version: '1.0.0', extraneous: true };
    await clone.write('package-lock.json', JSON.stringify(lock));
    const refused = await clone.run().ended;
    expect(refused).toEqual({
      code: 1,
      output: expect.stringContaining(`process ${running.pid} uses those`),
    });
    await rm(join(clone.folder, 'stay'));
    expect((await running.ended).code).toBe(0);
    expect((await clone.run().ended).code).toBe(0);
  });

  it('says that there is no network, and goes on when there is', async () => {
    await using clone = await makeFreshClone();
    await clone.write('go', '');
    const lock = readFileSync(join(clone.folder, 'package-lock.json'), 'utf8');
    const name = readFileSync(join(clone.folder, 'package.json'), 'utf8');
    const far = { version: '1.0.0', resolved: 'http://127.0.0.1:9/far-1.0.0.tgz' };
    const { packages, ...rest } = JSON.parse(lock);
    packages[''].dependencies.far = '1.0.0';
    await clone.write(
      'package-lock.json',
      JSON.stringify({ ...rest, packages: { ...packages, 'node_modules/far': far } }),
    );
    await clone.write('package.json', name.replace('"dependencies":{', '"dependencies":{"far":"1.0.0",'));
    const { code, output } = await clone.run({ npm_config_fetch_retries: '0' }).ended;
    expect([code, output]).toEqual([1, expect.stringContaining('the package registry cannot be reached')]);
    await clone.write('package-lock.json', lock);
    await clone.write('package.json', name);
    expect((await clone.run().ended).code).toBe(0);
  });

  it.each([
    ['is too old', 'echo 6.14.18', 'Volna needs npm 8.3 or newer to install; this is 6.14.18'],
    ['is missing', 'exit 127', 'npm was not found'],
  ])('says that npm %s', async (_what, script, message) => {
    await using clone = await makeFreshClone();
    await clone.write('bin/npm', `#!/bin/sh\n${script}\n`);
    await chmod(join(clone.folder, 'bin/npm'), 0o755);
    const env = { npm_execpath: '', PATH: `${join(clone.folder, 'bin')}:${process.env.PATH}` };
    const { code, output } = await clone.run(env).ended;
    expect([code, output]).toEqual([1, expect.stringContaining(message)]);
  });

  it('explains itself at once', async () => {
    await using clone = await makeFreshClone();
    await clone.write('entry.usage.txt', 'npm run entry\n');
    const asked = [clone.run({}, ['--help']), clone.run({}, ['--data', 'there', '-h'])];
    const ended = await Promise.all(asked.map((running) => running.ended));
    expect(ended).toEqual([0, 0].map((code) => ({ code, output: 'npm run entry\n' })));
    expect(await clone.log()).toEqual([]);
  });

  it('is explained, whichever it is', () => {
    const scripts = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts as Record<
      string,
      string
    >;
    for (const [name, script] of Object.entries(scripts)) {
      const entry = /^node local\/bootstrap\.mjs (.*)\.ts$/.exec(script)?.[1];
      if (!entry) continue;
      const usage = readFileSync(join(ROOT, `${entry}.usage.txt`), 'utf8');
      expect(usage.split('\n')[0]).toMatch(new RegExp(`^npm (run )?${name}( |$)`));
      expect(usage).toContain('--help');
    }
  });
});
