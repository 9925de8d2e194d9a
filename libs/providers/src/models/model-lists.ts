import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { VendorModel } from '@app/dialects';
import { Clock, concealed, GatewayError, UpstreamError, UpstreamTimeoutError } from '@app/shared';
import { VendorClient, type VendorRequest } from '../client/vendor.client.js';
import type { VendorResponse } from '../client/vendor.response.js';
import type { Vendor, VendorEndpoint } from '../vendor.js';
import { listRequest } from './list-request.js';

/** A vendor that takes longer is left out. */
const TIMEOUT_MS = 5000;
const FRESH_MS = 600_000;
/** A vendor that fails is asked again soon, but not by every caller. */
const RETRY_MS = 30_000;
const MOST_LISTS = 1000;
const MOST_PAGES = 20;
const MOST_BYTES = 16 * 1024 * 1024;

/** What a vendor listed lately. */
export interface ModelList {
  /** As last heard, also while the vendor fails. */
  readonly models: readonly VendorModel[];
  /** What went wrong when it was last asked, in words for the operator; null when nothing did. */
  readonly failure: string | null;
  /** When it was last asked, Unix ms. */
  readonly askedAt: number;
}

interface Entry {
  list: ModelList | null;
  askedAtTicks: number;
  asking: Promise<ModelList> | null;
}

/**
 * The models that vendors list, by vendor and key: remembered for ten minutes, for as long as a vendor fails, and asked
 * for once at a time.
 */
@Injectable()
export class ModelLists {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly client: VendorClient,
    private readonly clock: Clock,
  ) {}

  /** Never fails: a vendor that does not answer has its `failure`. @param freshMs age at which the vendor is asked again */
  of(vendor: Vendor, endpoint: VendorEndpoint, freshMs: number = FRESH_MS): Promise<ModelList> {
    const entry = this.entryOf(vendor, endpoint);
    const { list, asking } = entry;
    const age = this.clock.ticks() - entry.askedAtTicks;
    if (list && age < (list.failure === null ? freshMs : Math.min(freshMs, RETRY_MS))) {
      return Promise.resolve(list);
    }
    entry.asking = asking ?? this.ask(vendor, endpoint, entry);
    return entry.asking;
  }

  private entryOf({ id }: Vendor, { baseUrl, headers }: VendorEndpoint): Entry {
    // The key is part of who asks, and is not kept.
    const key = createHash('sha256')
      .update(JSON.stringify([id, baseUrl, headers]))
      .digest('base64');
    let entry = this.entries.get(key);
    if (!entry) {
      entry = { list: null, askedAtTicks: 0, asking: null };
      this.entries.set(key, entry);
      this.evict();
    }
    return entry;
  }

  private async ask(vendor: Vendor, endpoint: VendorEndpoint, entry: Entry): Promise<ModelList> {
    const askedAt = this.clock.now();
    let models = entry.list?.models ?? [];
    let failure: string | null = null;
    try {
      models = await this.fetchAll(vendor, endpoint);
    } catch (thrown) {
      const error = concealed(thrown, endpoint.apiKey);
      failure = error instanceof GatewayError ? error.message : 'The gateway could not ask it.';
    }
    entry.list = { models, failure, askedAt };
    entry.askedAtTicks = this.clock.ticks();
    entry.asking = null;
    return entry.list;
  }

  /** @throws UpstreamError */
  private async fetchAll(vendor: Vendor, endpoint: VendorEndpoint): Promise<readonly VendorModel[]> {
    const { models: listing } = vendor.dialect;
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const models: VendorModel[] = [];
    let after: string | null = null;
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const body = await this.fetchPage(listRequest(vendor, endpoint, after, signal), vendor);
      const page = listing.readPage(body);
      if (!page) {
        throw notAList(vendor);
      }
      models.push(...page.models);
      after = page.next;
      if (after === null) {
        break;
      }
    }
    return models;
  }

  private async fetchPage(request: VendorRequest, vendor: Vendor): Promise<unknown> {
    try {
      return await readBody(vendor, await this.client.send(request));
    } catch (error) {
      throw request.signal.aborted ? new UpstreamTimeoutError(vendor.id, TIMEOUT_MS) : error;
    }
  }

  private evict(): void {
    for (const [key, { asking }] of this.entries) {
      if (this.entries.size <= MOST_LISTS) {
        return;
      }
      if (!asking) {
        this.entries.delete(key);
      }
    }
  }
}

async function readBody(vendor: Vendor, response: VendorResponse): Promise<unknown> {
  const body = (await response.collect(vendor.id, MOST_BYTES)).toString();
  if (response.status >= 400) {
    throw vendor.dialect.readError({ vendor: vendor.id, status: response.status, headers: {}, body });
  }
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw notAList(vendor, cause);
  }
}

function notAList({ id }: Vendor, cause?: unknown): UpstreamError {
  return new UpstreamError({
    vendor: id,
    upstreamStatus: null,
    code: 'malformed_answer',
    message: `The vendor '${id}' answered something that is no list of models.`,
    cause,
  });
}
