import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 20;

/** The first result of `check` that does not throw; what it threw last, when there was none in time. */
export async function eventually<T>(check: () => T | Promise<T>, withinMs = 8000): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) {
        throw error;
      }
    }
    await delay(POLL_MS);
  }
}
