import { join } from 'node:path';

import { it } from '@jest/globals';
import { expectPersonalTables } from '@volna/platform/testing/personal-data';

import { personalData } from './personal-data.ts';

it('knows every table of users that has rows of people', () =>
  expectPersonalTables(join(import.meta.dirname, '../../prisma'), personalData));
