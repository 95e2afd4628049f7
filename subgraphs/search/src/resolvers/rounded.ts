/** As many digits as anybody makes something of: sums of floats have tails like 0.16199999999999998. */
const STEPS = 1_000_000;

/** A number as it is shown; what is reckoned with stays exact. */
export const rounded = (value: number): number => Math.round(value * STEPS) / STEPS;
