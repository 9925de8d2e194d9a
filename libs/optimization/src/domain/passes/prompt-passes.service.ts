import { Injectable } from '@nestjs/common';
import type { GenerationRequest, Target, Usage } from '@app/dialects';
import { type Price, PriceBook } from '@app/providers';
import { Clock, type HistoryWindow, type PromptPass, Secrets } from '@app/shared';
import { CacheKeys } from './cache-keys.js';
import { CacheMarker, type MarkTrail } from './cache-marker.js';
import { windowed } from './history-window.js';
import { placesOf, textsOf } from './said-texts.js';
import { withTexts } from './said-places.js';
import { type CutTokens, isCut, shorten } from './shorten.js';
import { orderTools } from './tool-order.js';

/** Whose request it is, and where it goes. */
export interface PassContext {
  readonly projectId: string;
  readonly passes: readonly PromptPass[];
  readonly target: Target;
  /** Wire format that the vendor is asked in. */
  readonly dialect: string;
  /** What its caller wants of the conversation; absent: all of it. */
  readonly history?: HistoryWindow | undefined;
  /** As its caller wrote it, where its bytes may be sent: texts are cut only where they can be replaced in them. */
  readonly body?: Wire | undefined;
}

type Wire = Readonly<Record<string, unknown>>;

/** Wire formats that have a field for the key. */
const KEYED: ReadonlySet<string> = new Set(['openai-chat', 'openai-responses']);

/** A request that went through the passes. */
export interface PassedPrompt {
  /** The very same when no pass had anything to do. */
  readonly request: GenerationRequest;
  /** To learn from when the usage is known; null where there is nothing to learn, or to tell. */
  readonly trail: PromptTrail | null;
  /** So many turns were left out, as the caller asked; absent: none. */
  readonly turnsLeftOut?: number;
  /** What can be done to the body as its caller wrote it; absent where that was not given, or is not all of the prompt. */
  readonly inBody?: EditedBody;
}

/** A caller's body with other texts, or a key, and all else as it was: what is the same object is the same. */
export interface EditedBody {
  readonly body: Wire;
  /** Nothing else was done: the request need not be written anew. */
  readonly isAll: boolean;
}

/** What was done to a prompt. */
export interface PromptTrail {
  readonly price: Price | null;
  readonly marks: MarkTrail | null;
  /** What was left out; null for nothing. */
  readonly cut: CutTokens | null;
}

/**
 * Changes prompts so that they cost less and say the same. What it learns is in memory only, of this process: another gateway
 * learns on its own, and a new one begins anew.
 */
@Injectable()
export class PromptPasses {
  private readonly marker: CacheMarker;
  private readonly keys: CacheKeys;

  constructor(
    private readonly prices: PriceBook,
    clock: Clock,
    secrets: Secrets,
  ) {
    this.marker = new CacheMarker(clock);
    this.keys = new CacheKeys(secrets, clock);
  }

  /** Applied to what it gave, it changes nothing. */
  apply(request: GenerationRequest, context: PassContext): PassedPrompt {
    const { history } = context;
    const window = history && windowed(request, history);
    if (!window || window.turns === 0) {
      return this.pass(request, context);
    }
    const passed = this.pass(window.request, { ...context, body: undefined });
    const { price, marks, cut } = passed.trail ?? {
      price: this.priceOf(context.target),
      marks: null,
      cut: null,
    };
    const trail = { price, marks, cut: { ...cut, history: window.tokens } };
    return { request: passed.request, trail, turnsLeftOut: window.turns };
  }

  /** The call is over. @param usage null when the vendor told none */
  learn({ marks, price }: PromptTrail, usage: Usage | null): void {
    if (marks) {
      this.marker.learn(marks, price, usage);
    }
  }

  private pass(request: GenerationRequest, context: PassContext): PassedPrompt {
    const { passes, target, body } = context;
    const price = this.priceOf(target);
    const ordered = passes.includes('tool_order') ? orderTools(request) : request;
    const placed = passes.some(isCut) ? placesOf(request, body) : undefined;
    const { request: short, cut } = shorten(ordered, passes, { ...context, placed });
    const keyed =
      passes.includes('prompt_cache_key') && KEYED.has(context.dialect)
        ? this.keys.set(short, context.projectId, target)
        : short;
    const { request: marked, trail: marks } = passes.includes('cache_marks')
      ? this.marker.mark(keyed, { ...context, price })
      : { request: keyed, trail: null };
    const trail = marks || cut ? { price, marks, cut } : null;
    if (!body) {
      return { request: marked, trail };
    }
    const isAll = ordered === request && marked === keyed;
    return { request: marked, trail, inBody: { body: edited(body, request, keyed), isAll } };
  }

  private priceOf({ vendor, model }: Target): Price | null {
    return this.prices.priceOf(vendor, model);
  }
}

/** @param to the same with other texts, and a key */
function edited(body: Wire, from: GenerationRequest, to: GenerationRequest): Wire {
  const { promptCacheKey } = to.settings;
  const said =
    to.turns === from.turns ? body : withTexts(from.native.dialect, body, textsOf(from), textsOf(to));
  return promptCacheKey === from.settings.promptCacheKey
    ? said
    : { ...said, prompt_cache_key: promptCacheKey };
}
