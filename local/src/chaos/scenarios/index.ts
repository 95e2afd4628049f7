import type { Scenario } from '../scenario.ts';
import { g1 } from './g1.ts';

export const SCENARIOS: readonly Scenario[] = [g1];
