import { Injectable } from '@nestjs/common';
import { PastCalls, type UsageRecord } from '@app/analytics';
import { ProviderRegistry, type Vendor } from '@app/providers';
import { ModelRouter } from '@app/routing';
import { type Call, GatewayError } from '@app/shared';
import { EndpointService } from '../endpoint.service.js';

/** Keeps conversations too, and what was asked for elsewhere. */
const OPENAI = 'openai';
const RESPONSES = 'openai-responses';

/** A vendor that keeps things itself. */
export interface Keeper {
  readonly vendor: Vendor;
  /** Where its responses are, below its base URL. */
  readonly path: string;
}

/** Finds the vendor that keeps what is not kept here. */
@Injectable()
export class NativeKeepers {
  constructor(
    private readonly calls: PastCalls,
    private readonly router: ModelRouter,
    private readonly registry: ProviderRegistry,
    private readonly endpoints: EndpointService,
  ) {}

  /** The vendor that gave a response its id; OpenAI when it was asked for elsewhere. Null when the project may not call it. */
  async ofResponse(call: Call, id: string): Promise<Keeper | null> {
    const past = await this.calls.byUpstreamId(id);
    const known = past?.projectId === call.projectId ? this.keeperOf(past) : null;
    return known ? this.open(call, known) : this.usual(call);
  }

  /** OpenAI; null when the project may not call it. */
  usual(call: Call): Promise<Keeper | null> {
    const vendor = this.registry.get(OPENAI);
    return this.open(call, vendor ? { vendor, path: '/responses' } : null);
  }

  private keeperOf({ provider, modelAsked }: UsageRecord): Keeper | null {
    try {
      const { vendor, dialect, target } = this.router.resolve(modelAsked ?? '', RESPONSES);
      const isKeeper = vendor.id === provider && dialect.id === RESPONSES;
      return isKeeper ? { vendor, path: dialect.path(target.model, false) } : null;
    } catch (error) {
      if (error instanceof GatewayError) {
        return null; // the vendor is there no more
      }
      throw error;
    }
  }

  private async open({ projectId }: Call, keeper: Keeper | null): Promise<Keeper | null> {
    const offers = keeper ? await this.endpoints.offersTo(projectId, [keeper.vendor]) : [];
    return offers.length > 0 ? keeper : null;
  }
}
