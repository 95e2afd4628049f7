import { delimiter, isAbsolute, relative, resolve, sep } from 'node:path';

/** Folders of a list as PATH is one. */
export function readRoots(list: string): string[] {
  return list
    .split(delimiter)
    .filter((root) => root !== '')
    .map((root) => resolve(root));
}

/** Whether a path, as it is written, is one of these folders or lies in one: links are the caller's to follow. */
export function isUnder(roots: readonly string[], path: string): boolean {
  return roots.some((root) => {
    const rest = relative(root, path);
    return !isAbsolute(rest) && rest !== '..' && !rest.startsWith(`..${sep}`);
  });
}
