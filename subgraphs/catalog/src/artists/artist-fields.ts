import { z } from 'zod';

import { line, prose } from '../domain/input.ts';

const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

export const Name = line('a name', 120);
export const Bio = prose('a biography', 5000);
export const Country = z
  .string()
  .regex(/^[A-Z]{2}$/, 'a country is two capital letters as in ISO 3166-1, such as FI')
  .refine((code) => !/^[A-Z]{2}$/.test(code) || regions.of(code) !== undefined, 'there is no such country');
