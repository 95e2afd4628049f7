import { z } from 'zod';

export const Title = z
  .string()
  .trim()
  .min(1, 'a title is needed')
  .max(200, 'a title has at most 200 characters');
export const LongText = z.string().trim().max(5000, 'at most 5,000 characters').nullish();
export const TrackIds = z.array(z.string()).min(1, 'name a track').max(100, 'at most 100 tracks at a time');
