import { meantUsage, type Usage } from '../domain/usage.js';
import { isObject, textAt, type Wire } from '../domain/wire.js';
import { readUsage } from './usage.js';

/** What a response used that a vendor worked on in the background, once it is over. */
export interface BackgroundUsage {
  /** The vendor's id of the response. */
  readonly id: string;
  readonly model: string;
  readonly status: 'completed' | 'incomplete' | 'failed' | 'cancelled';
  readonly usage: Usage;
}

const ENDINGS = ['completed', 'incomplete', 'failed', 'cancelled'] as const;

/**
 * Finds it in what a vendor tells of a response that was asked for before. Responses that were not in the background told
 * their usage when they were made.
 */
export class BackgroundFinder {
  /** Null while nothing was told. */
  told: BackgroundUsage | null = null;

  /** Reads a whole response, or one event of a streamed one; anything else tells nothing. */
  read(body: unknown): void {
    const response = isObject(body) && isObject(body['response']) ? body['response'] : body;
    if (isObject(response) && response['object'] === 'response' && response['background'] === true) {
      this.told = usageOf(response) ?? this.told;
    }
  }
}

function usageOf(response: Wire): BackgroundUsage | null {
  const status = ENDINGS.find(ending => ending === response['status']);
  const usage = meantUsage(readUsage(response));
  const id = textAt(response, 'id');
  return status && usage && id !== '' ? { id, model: textAt(response, 'model'), status, usage } : null;
}
