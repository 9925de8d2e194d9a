import { Injectable } from '@nestjs/common';
import type { GenerationRequest, Usage } from '@app/dialects';
import { type PassContext, type PassedPrompt, PromptPasses, type PromptTrail } from '@app/optimization';
import { PriceBook } from '@app/providers';
import type { Route } from '@app/routing';
import type { Call } from '@app/shared';
import { type FlexRequest, inFlexTier } from './flex-tier.js';
import type { ParsedBody } from './parse-body.js';
import type { VendorBody } from './vendor-body.js';

type Pass = (request: GenerationRequest, route: Route, body?: ParsedBody['json']) => PassedPrompt;

/** What makes a request cost less on its way: the passes of its prompt, and the tier that it is sent in. */
@Injectable()
export class PriceCuts {
  constructor(
    private readonly passes: PromptPasses,
    private readonly prices: PriceBook,
  ) {}

  through(wanted: Pick<PassContext, 'passes' | 'history'>, projectId: string): Pass {
    return (request, { dialect, target }, body) =>
      this.passes.apply(request, { ...wanted, projectId, target, dialect: dialect.id, body });
  }

  /** The same request in the flex tier of its vendor; null, as nearly always: its caller cannot wait, or there is none. */
  inFlexTier(
    { deadlineMs }: Call,
    { body, vendorBody }: { readonly body: ParsedBody; readonly vendorBody: VendorBody },
  ): FlexRequest | null {
    if (deadlineMs === undefined) {
      return null;
    }
    const { vendor, target } = vendorBody.route;
    return inFlexTier(deadlineMs, body, vendorBody, this.prices.priceOf(vendor.id, target.model));
  }

  /** Of a request that went through passes, when it was answered. @param usage null when nobody knows */
  learn(trail: PromptTrail, usage: Usage | null): void {
    this.passes.learn(trail, usage);
  }
}
