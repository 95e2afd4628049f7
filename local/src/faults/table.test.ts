import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';

import { SCENARIOS } from '../chaos/scenarios/index.ts';

const ROOT = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');
const rows = read('docs/faults.md')
  .split('\n')
  .filter((line) => /^\| [FG]\d/.test(line))
  .map((line) => line.split(' | ').map((cell) => cell.replaceAll(/^\| | \|$/g, '').trim()));

describe('docs/faults.md', () => {
  it('has a row for each fault and goal', () => {
    const faults = Array.from({ length: 28 }, (_, before) => `F${before + 1}`);
    const goals = Array.from({ length: 6 }, (_, before) => `G${before + 1}`);
    expect(rows.map(([id]) => id)).toEqual([...faults, ...goals]);
  });

  it.each(rows)('%s, %s, names what tries it, and that is there', (_id, _fault, _expected, tried = '') => {
    const tests = [...tried.matchAll(/`([^`]+)`: "([^"]+)"/g)];
    const [, scenario] = /chaos: (\w+)/.exec(tried) ?? [];
    expect(tests.length > 0 || scenario !== undefined).toBe(true);
    for (const [, path = '', title = ''] of tests) expect(read(path)).toContain(title);
    expect([undefined, ...SCENARIOS.map(({ id }) => id)]).toContain(scenario);
  });

  it('has every scenario of chaos in it', () => {
    const named = rows.map(([, , , tried = '']) => /chaos: (\w+)/.exec(tried)?.[1]);
    expect(SCENARIOS.map(({ id }) => id).filter((id) => !named.includes(id))).toEqual([]);
  });
});
