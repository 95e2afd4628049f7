import { join } from 'node:path';

import { it } from '@jest/globals';
import type { Objects } from '@volna/platform/objects';
import { expectPersonalTables } from '@volna/platform/testing/personal-data';

import { createPersonalData } from './personal-data.ts';

it('knows every table of albums that has rows of people', () =>
  expectPersonalTables(join(import.meta.dirname, '../prisma'), createPersonalData({} as Objects)));
