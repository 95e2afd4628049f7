import { join } from 'node:path';

import { it } from '@jest/globals';
import { expectPersonalTables } from '@volna/platform/testing/personal-data';

import type { Deps } from './context.ts';
import { createPersonalData } from './personal-data.ts';

it('knows every table of catalog that has rows of people', () =>
  expectPersonalTables(join(import.meta.dirname, '../prisma'), createPersonalData({} as Deps)));
