import type { Scenario } from '../scenario.ts';
import { f13 } from './broker.ts';
import { f23, f25 } from './clients.ts';
import { f15, f16 } from './database.ts';
import { g1 } from './g1.ts';
import { f21, f22 } from './services.ts';
import { f18, f19 } from './store.ts';

export const SCENARIOS: readonly Scenario[] = [f13, f15, f16, f18, f19, f21, f22, f23, f25, g1];
