import { describe, expect, it } from '@jest/globals';

import { passwordCost } from './password-cost.ts';

describe('PASSWORD_COST', () => {
  it('is what OWASP advises, unless told', () => {
    expect(passwordCost.parse(undefined)).toEqual({ memory: 19_456, passes: 2, parallelism: 1 });
    expect(passwordCost.parse('m=65536,t=3,p=4')).toEqual({ memory: 65_536, passes: 3, parallelism: 4 });
    expect(passwordCost.parse('m=7168,t=5,p=1')).toEqual({ memory: 7168, passes: 5, parallelism: 1 });
  });

  it.each([
    'm=7167,t=50,p=1',
    'm=7168,t=4,p=1',
    'm=1048577,t=1,p=1',
    'm=19456,t=0,p=1',
    'm=19456',
    '19456,2,1',
  ])('cannot be %s', (text) => expect(passwordCost.safeParse(text).success).toBe(false));
});
