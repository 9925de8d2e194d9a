import type { Limited } from '@app/limits';

/** A project without limits, but for those that are given. */
export function limited(limits: Partial<Limited>): Limited {
  const { id = 'p' } = limits;
  return {
    id,
    whose: `The project ${id}`,
    requestsPerMinute: null,
    concurrentCalls: null,
    tokensPerMinute: null,
    ...limits,
  };
}

/** What a refusal throws, at once or later; null when there is none. */
export async function refusalOf<Refusal>(work: () => unknown): Promise<Refusal | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return error as Refusal;
  }
}
