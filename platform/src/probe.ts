// `node platform/src/probe.ts URL` ends with 0 where the URL answers with success: the health check of containers.
try {
  const { ok } = await fetch(process.argv[2] ?? '', { signal: AbortSignal.timeout(2_000) });
  process.exitCode = ok ? 0 : 1;
} catch {
  process.exitCode = 1;
}
