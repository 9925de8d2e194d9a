import { ConflictError, InvalidRequestError } from '@app/shared';

/** 409: the operator has said elsewhere what holds. */
export class PricesFromFileError extends ConflictError {
  constructor() {
    super(
      'AI_GATEWAY_PRICES_FILE names the prices. Change that file and restart, or take the setting away to put prices here.',
      'prices_from_file',
    );
  }
}

/** 400: an entry that cannot be read. */
export class UnreadablePricesError extends InvalidRequestError {
  /** @param problem names the entry and its field, and ends with a full stop */
  constructor(problem: string) {
    super(`Correct prices: ${problem}`, 'prices', 'unreadable_prices');
  }
}
