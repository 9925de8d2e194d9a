import { anthropicMessagesVendor } from '@app/dialects';
import type { AnswerCache } from '@app/optimization';
import { type CacheUse, GatewayError } from '@app/shared';
import type { GenerationInput } from '../generation-input.js';
import type { ParsedBody } from '../parse-body.js';
import type { PlannedRequest, ReadRequest, RequestPreparer } from '../request-preparer.js';
import { askedBy } from './asked-by.js';
import type { Keyed } from './cache-visit.js';
import { isCacheable } from './cacheable-request.js';

/** What a body was found to be, and what of its call that depends on. */
interface Found {
  readonly besides: string;
  readonly keyed: Keyed | null;
}

/** Requests as the cache looks them up. */
export class KeyedRequests {
  /** Of bodies, which are the same object when they come again: see `SeenBodies`. */
  private readonly found = new WeakMap<ParsedBody, Found>();

  constructor(
    private readonly cache: AnswerCache,
    private readonly preparer: RequestPreparer,
  ) {}

  /** Null when no answer to it may be kept, or it cannot be read: the road to the vendor says why. */
  of(input: GenerationInput, { body, planned, wishes }: PlannedRequest, use: CacheUse): Keyed | null {
    if (use.keeps === 'off') {
      return null;
    }
    const { call, forward, dialect } = input;
    const asked = {
      ...askedBy({ call, use }, planned, body),
      headers: meaningful(forward),
      routing: { headers: call.routing, wishes, ...(call.history && { history: call.history }) },
    };
    const besides = JSON.stringify([dialect.id, use.keeps, asked]);
    const found = this.found.get(body);
    if (found?.besides === besides) {
      return found.keyed;
    }
    const read = this.read(input, body);
    const keyed = read && isCacheable(read.request, body, use.keeps) ? this.keyed(read, body, asked) : null;
    this.found.set(body, { besides, keyed });
    return keyed;
  }

  private keyed(read: ReadRequest, body: ParsedBody, asked: Omit<Keyed['parts'], 'request' | 'body'>): Keyed {
    const parts = { ...asked, request: read.request, body: body.json };
    return { ...read, key: this.cache.keyOf(parts), parts };
  }

  private read(input: GenerationInput, body: ParsedBody): ReadRequest | null {
    try {
      return this.preparer.read(body, input);
    } catch (error) {
      if (error instanceof GatewayError) {
        return null;
      }
      throw error;
    }
  }
}

/** A version of the API that is said to all vendors anyway says nothing. */
function meaningful(forward: GenerationInput['forward'] = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(forward).filter(([name, value]) => anthropicMessagesVendor.headers[name] !== value),
  );
}
