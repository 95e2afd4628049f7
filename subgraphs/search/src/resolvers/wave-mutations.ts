import { payload } from '@volna/platform/errors';

import { startWave } from '../domain/start-wave.ts';
import { takeFeedback } from '../domain/take-feedback.ts';
import { shakeWave, tuneWave } from '../domain/tune-wave.ts';
import type { MutationResolvers } from '../generated/graphql.ts';
import { toChanges, toWish } from './wave-inputs.ts';

export const waveMutations: Pick<MutationResolvers, 'startWave' | 'tuneWave' | 'shakeWave' | 'waveFeedback'> =
  {
    startWave(_root, { input }, context) {
      const { userId } = context.requireViewer();
      return payload({ wave: null }, async () => ({ wave: await startWave(context, userId, toWish(input)) }));
    },
    tuneWave(_root, { waveId, input }, context) {
      const { userId } = context.requireViewer();
      return payload({ wave: null }, async () => ({
        wave: await tuneWave(context, userId, waveId, toChanges(input)),
      }));
    },
    shakeWave(_root, { waveId }, context) {
      const { userId } = context.requireViewer();
      return payload({ wave: null }, async () => ({ wave: await shakeWave(context, userId, waveId) }));
    },
    async waveFeedback(_root, { input }, context) {
      const { userId } = context.requireViewer();
      const { batchId = null, positionMs = null, occurredAt } = input;
      const at = occurredAt == null ? null : new Date(occurredAt);
      const result = await payload<{ done: true }>({ done: null }, async () => {
        await takeFeedback(context, userId, { ...input, batchId, positionMs, occurredAt: at });
        return { done: true };
      });
      return { ok: result.done === true, errors: result.errors };
    },
  };
