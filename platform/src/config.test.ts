import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { readConfig } from './config.ts';

const SHAPE = { PORT: z.coerce.number().int(), KEY: z.string().min(32), NAME: z.string().default('volna') };

describe('readConfig', () => {
  it('reads what is set and fills in what is left out or empty', () => {
    expect(readConfig(SHAPE, { PORT: '80', KEY: 'k'.repeat(32), NAME: '' })).toEqual({
      PORT: 80,
      KEY: 'k'.repeat(32),
      NAME: 'volna',
    });
  });

  it('names every fault at once and never a value', () => {
    const env = { PORT: 'eighty', KEY: 'short-secret' };
    expect(() => readConfig(SHAPE, env)).toThrow(/PORT[\s\S]*KEY/);
    expect(() => readConfig(SHAPE, env)).not.toThrow(/short-secret|eighty/);
  });

  it('refuses a secret that was left as the example has it', () => {
    expect(() => readConfig(SHAPE, { PORT: '80', KEY: 'change-me-change-me-change-me-change-me' })).toThrow(
      /KEY/,
    );
  });
});
