import { parseExact } from '@app/dialects';
import type { AnswerCache, CachedAnswer } from '@app/optimization';
import type { PlannedCall } from '@app/routing';
import { type Call, type CacheUse, hasDoubledMembers } from '@app/shared';
import type { CacheNote, Exchange } from '../exchange.js';
import { CacheMissError } from '../inference.errors.js';
import type { ParsedBody } from '../parse-body.js';
import { vendorNote } from './cache-notes.js';
import { refersElsewhere } from './elsewhere.js';
import { askedBy } from './asked-by.js';

/** A task, and what its caller wants of the cache. */
interface AskedTask {
  readonly call: Call;
  readonly use: CacheUse;
  /** Where it was asked. */
  readonly endpoint: string;
  readonly body: ParsedBody;
}

/** What the cache has to do with one task. The same question has the same answer, whatever it says of chance: there is none. */
export class TaskVisit {
  /** What its caller is told when a vendor answers. */
  note: CacheNote | null = null;
  private key: string | null = null;
  /** When it began, for the cache. */
  private begun = 0;

  constructor(
    private readonly cache: AnswerCache,
    private readonly asked: AskedTask,
  ) {}

  /** What is kept; null when the vendor is to be asked. @throws CacheMissError (504) when it is not */
  async find(planned: PlannedCall): Promise<CachedAnswer | null> {
    const { call, use } = this.asked;
    this.key = this.keyed(planned);
    this.begun = this.cache.begin();
    this.note = vendorNote(use, this.key !== null);
    const isAsked = this.key !== null && use.mode !== 'refresh';
    const kept = isAsked ? await this.cache.find(call.projectId, this.key ?? '', use.maxAgeMs) : null;
    if (!kept && use.mode === 'only') {
      throw new CacheMissError();
    }
    return kept;
  }

  /** When the caller has the answer. @param bytes of the vendor */
  keep({ route, meter, response, endpoint: { simulated } }: Exchange, bytes: Buffer): void {
    const { call, use, endpoint } = this.asked;
    const isSmall = bytes.length <= this.cache.entryLimitBytes;
    if (this.key === null || use.ttlMs === 0 || !isSmall || meter.outcome !== 'completed') {
      return;
    }
    const body = Buffer.allocUnsafeSlow(bytes.length); // what came may be part of a larger buffer
    bytes.copy(body);
    this.cache.keep(
      {
        key: this.key,
        projectId: call.projectId,
        namespace: use.namespace,
        vendor: route.vendor.id,
        model: route.target.model,
        dialect: endpoint as `/${string}`,
        contentType: response.header('content-type') ?? '',
        body,
        pieces: [body.length],
        callId: call.id,
        inputTokens: meter.usage?.inputTokens ?? 0,
        outputTokens: meter.usage?.outputTokens ?? 0,
        costNanoUsd: meter.costNanoUsd(),
        simulated,
      },
      use.ttlMs,
      this.begun,
      use.mode === 'refresh',
    );
  }

  private keyed(planned: PlannedCall): string | null {
    const { call, use, endpoint, body } = this.asked;
    const text = use.keeps === 'off' ? null : body.bytes.toString();
    if (text === null || refersElsewhere(body.json) || hasDoubledMembers(text)) {
      return null;
    }
    return this.cache.keyOfTask({
      ...askedBy({ call, use }, planned, body),
      headers: {},
      routing: call.routing,
      endpoint,
      body: parseExact(text) as ParsedBody['json'],
    });
  }
}
