/** So often at least the process looks for an answer before it gives up, however long it stood still. */
const TICKS = 8;

/**
 * A process that stood still itself did not wait: of a standstill an eighth of the deadline counts, so that work of several
 * questions can go on with what was answered meanwhile.
 *
 * @throws DeadlineError when the work takes longer, in ms; it then goes on unheard
 */
export async function within<Value>(ms: number, work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    let left = TICKS;
    // An interval that is late makes up for nothing.
    timer = setInterval(() => {
      left -= 1;
      if (left === 0) {
        setImmediate(reject, new DeadlineError(ms));
      }
    }, ms / TICKS);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearInterval(timer);
  }
}

export class DeadlineError extends Error {
  constructor(ms: number) {
    super(`There was no answer within ${ms} ms.`);
    this.name = 'DeadlineError';
  }
}
