export * from './albums.ts';
export * from './catalog.ts';
export * from './definition.ts';
export * from './ids.ts';
export * from './jobs.ts';
export * from './playback.ts';
export * from './search.ts';
export * from './users.ts';
