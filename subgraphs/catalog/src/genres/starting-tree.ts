import { readFileSync } from 'node:fs';

export interface StartingGenre {
  readonly name: string;
  /** Name of the one that it is below. */
  readonly parent: string | null;
  readonly aliases: readonly string[];
}

const INDENT = 2;

/** The genres that a new catalog begins with, each after the one that it is below. */
export function readStartingTree(): StartingGenre[] {
  const text = readFileSync(new URL('starting-tree.txt', import.meta.url), 'utf8');
  const path: string[] = [];
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [name = '', aliases = ''] = line.trim().split(' = ');
      const depth = (line.length - line.trimStart().length) / INDENT;
      path.splice(depth, path.length, name);
      const spellings = aliases.split(', ').filter((alias) => alias !== '');
      return { name, parent: path[depth - 1] ?? null, aliases: spellings };
    });
}
