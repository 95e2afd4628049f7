import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { afterEach, describe, expect, it } from '@jest/globals';

import { findBinary } from './binaries.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { UnavailableError } from './unavailable.ts';

const DPKG_DEB = 'dpkg-deb';
const env = { ...process.env };
afterEach(() => {
  process.env = { ...env };
});

describe('findBinary', () => {
  it('takes an installed program', async () => {
    await using scratch = await openScratch();
    await writeProgram(scratch.path('bin/nats-server'), 'echo installed');

    const binary = await findBinary('nats-server', {
      cacheDirectory: scratch.path('cache'),
      directories: [scratch.path('none'), scratch.path('bin')],
    });

    expect(binary).toEqual({ path: scratch.path('bin/nats-server'), env: {}, source: 'PATH' });
  });

  it.each(['5.1.9-0+deb12u1', 'n7.0', 'N-117000-gdeadbeef'])('takes ffmpeg %s', async (version) => {
    await using scratch = await openScratch();

    expect(await findBinary('ffmpeg', await installFfmpeg(scratch, version))).toMatchObject({
      path: scratch.path('bin/ffmpeg'),
      source: 'PATH',
    });
  });

  it('passes over an ffmpeg that is too old', async () => {
    await using scratch = await openScratch();
    const options = await installFfmpeg(scratch, '4.4.2-0ubuntu0.22.04.1');

    await expect(findBinary('ffmpeg', options)).rejects.toThrow('bin/ffmpeg is older than version 5');
  });

  it('says that it may not fetch, or that it cannot', async () => {
    await using scratch = await openScratch();
    const options = { cacheDirectory: scratch.path('cache'), directories: [] };

    await expect(findBinary('ffmpeg', { ...options, fetch: false })).rejects.toThrow(
      'ffmpeg is not installed',
    );
    process.env.PATH = scratch.path('none');
    const failed = findBinary('ffmpeg', options);
    await expect(failed).rejects.toThrow(UnavailableError);
    await expect(failed).rejects.toThrow(/ffmpeg is not installed, and Debian's could not be fetched/);
  });
});

async function installFfmpeg(scratch: Scratch, version: string) {
  const said = `ffmpeg version ${version} Copyright (c) the FFmpeg developers`;
  await writeProgram(scratch.path('bin/ffmpeg'), `echo "${said}"`);
  return { cacheDirectory: scratch.path('cache'), fetch: false, directories: [scratch.path('bin')] };
}

const tools = missingTools();
const suite = tools === '' ? describe : describe.skip;

suite(`findBinary with Debian's packages${tools && ` (skipped: ${tools} not here)`}`, () => {
  it('unpacks the package and what it needs, once', async () => {
    await using scratch = await openScratch();
    await openRepository(scratch, [
      {
        name: 'nats-server',
        depends: 'libvolna',
        file: 'usr/sbin/nats-server',
        text: 'echo "$LD_LIBRARY_PATH"',
      },
      { name: 'libvolna', file: 'usr/lib/volna/libvolna.so.1', text: 'not loaded' },
    ]);
    const progress: string[] = [];
    const options = { cacheDirectory: scratch.path('a cache'), directories: [] };

    const binary = await findBinary('nats-server', { ...options, onProgress: (line) => progress.push(line) });

    const said = execFileSync(binary.path, { env: { ...process.env, ...binary.env }, encoding: 'utf8' });
    expect(binary.source).toBe('debian');
    expect(said).toMatch(/a cache\/.*\/usr\/lib\/volna$/m);
    expect(progress).toContain('nats-server: fetching 2 packages');

    process.env.APT_CONFIG = scratch.path('gone');
    expect(await findBinary('nats-server', options)).toEqual(binary);
  });

  it('says what apt-get said when there is no such package', async () => {
    await using scratch = await openScratch();
    await openRepository(scratch, []);

    const failed = findBinary('redis-server', { cacheDirectory: scratch.path('cache'), directories: [] });

    await expect(failed).rejects.toThrow(UnavailableError);
    await expect(failed).rejects.toThrow(/could not be fetched: apt-get failed: E: .*redis-server/);
  });
});

function missingTools(): string {
  const missing = ['apt-get', DPKG_DEB].filter((name) => {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' });
      return false;
    } catch {
      return true;
    }
  });
  return missing.join(', ');
}

interface Package {
  readonly name: string;
  readonly depends?: string;
  readonly file: string;
  readonly text: string;
}

/** Makes a repository of these packages the only one that apt knows of. */
async function openRepository(scratch: Scratch, packages: readonly Package[]): Promise<void> {
  const entries = await Promise.all(packages.map((each) => build(scratch, each)));
  await mkdir(scratch.path('repository'), { recursive: true });
  await writeFile(scratch.path('repository/Packages'), entries.join('\n'));
  await writeFile(scratch.path('sources.list'), `deb [trusted=yes] copy:${scratch.path('repository')} ./\n`);
  await writeFile(
    scratch.path('apt.conf'),
    `Dir::Etc::sourcelist "${scratch.path('sources.list')}";\nDir::Etc::sourceparts "-";\n`,
  );
  process.env.APT_CONFIG = scratch.path('apt.conf');
}

async function build(scratch: Scratch, { name, depends, file, text }: Package): Promise<string> {
  const control = [
    `Package: ${name}`,
    'Version: 99:1.0',
    'Architecture: all',
    'Maintainer: nobody <nobody@example.org>',
    ...(depends === undefined ? [] : [`Depends: ${depends}`]),
    `Description: ${name} of a test`,
    '',
  ].join('\n');
  const tree = `build/${name}`;
  await writeProgram(scratch.path(`${tree}/${file}`), text);
  await mkdir(scratch.path(`${tree}/DEBIAN`), { recursive: true });
  await writeFile(scratch.path(`${tree}/DEBIAN/control`), control);
  const archive = scratch.path(`repository/${name}.deb`);
  await mkdir(dirname(archive), { recursive: true });
  execFileSync(DPKG_DEB, ['--build', '--root-owner-group', scratch.path(tree), archive], {
    stdio: 'ignore',
  });
  const bytes = await readFile(archive);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return `${control}Filename: ./${name}.deb\nSize: ${bytes.length}\nSHA256: ${sha256}\n`;
}

async function writeProgram(path: string, script: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}
