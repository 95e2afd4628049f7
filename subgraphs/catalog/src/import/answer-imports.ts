import {
  importAlive,
  importClaim,
  importFound,
  importGivenUp,
  importRead,
  importStored,
} from '@volna/events';

import type { Deps } from '../context.ts';
import { claimImport, giveUpImport, renewImport } from './claim-import.ts';
import { noteFound } from './note-found.ts';
import { noteRead } from './note-read.ts';
import { noteStored } from './note-stored.ts';

/** What workers ask while they import. Each answer bears repetition: a worker that hears none asks again. */
export async function answerImports(deps: Deps, group: string): Promise<AsyncDisposable> {
  const { bus } = deps;
  await using opening = new AsyncDisposableStack();
  opening.use(await bus.answer(importClaim, group, (question) => claimImport(deps, question)));
  opening.use(await bus.answer(importAlive, group, (question) => renewImport(deps, question)));
  opening.use(await bus.answer(importGivenUp, group, (question) => giveUpImport(deps, question)));
  opening.use(await bus.answer(importFound, group, (question) => noteFound(deps, question)));
  opening.use(await bus.answer(importRead, group, (question) => noteRead(deps, question)));
  opening.use(await bus.answer(importStored, group, (question) => noteStored(deps, question)));
  return opening.move();
}
