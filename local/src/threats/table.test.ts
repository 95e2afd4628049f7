import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';

const ROOT = new URL('../../../', import.meta.url);
const rows = readFileSync(new URL('docs/threats.md', ROOT), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .slice(2)
  .map((line) => line.split('|').map((cell) => cell.trim()));

describe('docs/threats.md', () => {
  it.each(rows)(
    '%s%s has a suite of its name, and names tests that there are',
    (_edge, threat, _how, tests) => {
      const [own = '', ...others] = [...(tests ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '');
      const suite = readFileSync(new URL(`local/src/threats/${own}`, ROOT), 'utf8');
      expect(suite).toContain(`describe('threat: ${threat}'`);
      expect(others.filter((path) => !existsSync(fileURLToPath(new URL(path, ROOT))))).toEqual([]);
    },
  );

  it('has a row for each suite', () => {
    const folder = new URL('local/src/threats/', ROOT);
    const texts = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));
    const named = texts.flatMap((text) =>
      [...text.matchAll(/^describe\('threat: (.+)'/gm)].map(([, name]) => name),
    );
    expect(new Set(named)).toEqual(new Set(rows.map(([, threat]) => threat)));
  });
});
