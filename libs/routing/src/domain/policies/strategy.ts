/** How a call finds its target among those of a policy that can serve it. */
export const STRATEGIES = [
  'priority',
  'weighted',
  'cheapest',
  'fastest',
  'least-busy',
  'balanced',
  'sticky',
] as const;

export type Strategy = (typeof STRATEGIES)[number];
