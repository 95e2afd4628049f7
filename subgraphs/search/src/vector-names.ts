import { createHash } from 'node:crypto';

/** Grows when points are made otherwise, so that those of an earlier release are left alone and new ones are made. */
const FORMAT = 2;

/** One collection a model: vectors of different models are not comparable. */
export function trackCollection(model: string): string {
  return `tracks_${model.replaceAll(/\W/g, '_')}_${FORMAT}`;
}

export function segmentCollection(model: string): string {
  return `segments_${model.replaceAll(/\W/g, '_')}_${FORMAT}`;
}

/** Windows of pitch classes, which no model makes. */
export const WORK_COLLECTION = 'works_1';

/** The UUID in a track's id. */
export function trackPoint(trackId: string): string {
  return toUuid(trackId.slice(-32));
}

/** Always the same for one place in a track. */
export function segmentPoint(trackId: string, seconds: number): string {
  return toUuid(createHash('sha256').update(`${trackId}:${seconds}`).digest('hex').slice(0, 32));
}

function toUuid(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
