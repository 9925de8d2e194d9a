const MOST_TRIES = 5;
/** PostgreSQL's and MySQL's words for: another transaction was in the way, do it again. */
const IN_THE_WAY = new Set(['40001', '40P01', 'ER_LOCK_DEADLOCK']);

/** Rows were there that the transaction took for new. */
export class RowsThereError extends Error {
  constructor() {
    super('Other gateways add the same rows at the same time, again and again.');
    this.name = 'RowsThereError';
  }
}

/**
 * A transaction that may find rows which others add at the same time: it is rolled back and done again.
 *
 * @param transaction is told whether it is the first try, which need not ask what is there
 */
export async function retried(transaction: (isFirst: boolean) => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await transaction(tries === 1);
      return;
    } catch (error) {
      if (tries === MOST_TRIES || !isRetryable(error)) {
        throw error;
      }
    }
  }
}

function isRetryable(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return error instanceof RowsThereError || IN_THE_WAY.has(code);
}
