import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, putLast, UpstreamError, UpstreamTimeoutError } from '@app/shared';
import { EgressGuard, EgressRefusedError } from '../client/egress-guard.js';
import { endpointWith, type TokenGrant, type Vendor, type VendorEndpoint } from '../vendor.js';

/** Renewed so long before its end; until then a failing renewal harms nobody. */
const MARGIN_MS = 5 * 60_000;
/** Between two tries to renew a token that is still good. */
const RETRY_MS = 10_000;
const TIMEOUT_MS = 10_000;
const MOST_HELD = 1000;

interface Held {
  readonly grant: TokenGrant;
  token: string | null;
  /** Monotonic ms. */
  endsAt: number;
  askedAt: number;
  asking: Promise<string> | null;
}

/** What a token endpoint promises, none of it certain. */
interface TokenAnswer {
  readonly access_token?: unknown;
  /** Seconds. */
  readonly expires_in?: unknown;
  readonly error?: unknown;
  readonly error_description?: unknown;
}

/** Tokens that vendors' keys buy, by key: bought once for however many callers, and renewed before they end. */
@Injectable()
export class AccessTokens {
  private readonly held = new Map<string, Held>();

  constructor(
    private readonly egress: EgressGuard,
    private readonly clock: Clock,
  ) {}

  /**
   * The vendor's address and headers for a key that is not shown itself.
   *
   * @throws UnusableKeyError (502) when the key is not of that kind
   * @throws UpstreamError when it buys no token
   */
  async endpointOf(
    vendor: Vendor,
    grantOf: NonNullable<Vendor['tokens']>,
    apiKey: string,
  ): Promise<VendorEndpoint> {
    const held = this.heldFor(vendor.id, apiKey, grantOf);
    const token = await this.tokenOf(vendor, held);
    const endpoint = endpointWith(vendor, token);
    const project = encodeURIComponent(held.grant.project);
    return { ...endpoint, baseUrl: endpoint.baseUrl.replace('{project}', project) };
  }

  private heldFor(vendor: string, apiKey: string, grantOf: NonNullable<Vendor['tokens']>): Held {
    // The key itself is not kept as text.
    const id = createHash('sha256').update(`${vendor} ${apiKey}`).digest('base64');
    let held = this.held.get(id);
    if (!held) {
      held = { grant: grantOf(apiKey), token: null, endsAt: 0, askedAt: 0, asking: null };
      putLast(this.held, id, held, MOST_HELD);
    }
    return held;
  }

  private tokenOf(vendor: Vendor, held: Held): string | Promise<string> {
    const now = this.clock.ticks();
    const { token, endsAt, askedAt } = held;
    if (token === null || now >= endsAt) {
      return this.renew(vendor, held);
    }
    if (now >= endsAt - MARGIN_MS && now >= askedAt + RETRY_MS) {
      this.renew(vendor, held).catch(() => undefined); // tried again later, and told when the token has ended
    }
    return token;
  }

  private renew(vendor: Vendor, held: Held): Promise<string> {
    held.asking ??= this.buy(vendor, held).finally(() => {
      held.asking = null;
    });
    return held.asking;
  }

  private async buy(vendor: Vendor, held: Held): Promise<string> {
    held.askedAt = this.clock.ticks();
    const { status, answer } = await this.ask(vendor, held.grant);
    const { access_token: token, expires_in: seconds } = answer;
    if (status !== 200 || typeof token !== 'string' || typeof seconds !== 'number') {
      throw refusal(vendor, status, answer);
    }
    held.token = token;
    held.endsAt = held.askedAt + seconds * 1000;
    return token;
  }

  private async ask({ id }: Vendor, grant: TokenGrant): Promise<{ status: number; answer: TokenAnswer }> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const { statusCode, body } = await this.egress.post(grant.url, grant.form(this.clock.now()), signal);
      return { status: statusCode, answer: readAnswer(await body.text()) };
    } catch (cause) {
      if (signal.aborted) {
        throw new UpstreamTimeoutError(id, TIMEOUT_MS);
      }
      const advice =
        cause instanceof EgressRefusedError
          ? 'is not public or nobody answers there. Correct token_uri in the key, or name its host in AI_GATEWAY_EGRESS_ALLOW.'
          : 'broke off. Try again.';
      throw new UpstreamError({
        vendor: id,
        upstreamStatus: null,
        code: 'no_access_token',
        message: `The address that gives out tokens for '${id}' ${advice}`,
        cause,
      });
    }
  }
}

function readAnswer(text: string): TokenAnswer {
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === 'object' && answer !== null ? answer : {};
  } catch {
    return {};
  }
}

/** The word for what is wrong is for the caller; the sentence, which names the account, for the log. */
function refusal({ id }: Vendor, status: number, answer: TokenAnswer): UpstreamError {
  const { error, error_description: description } = answer;
  const word = typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? `, ${error}` : '';
  return new UpstreamError({
    vendor: id,
    // A status of the caller's kind here is about the key all the same.
    upstreamStatus: status < 500 && status !== 429 ? 401 : status,
    code: 'no_access_token',
    message: `The gateway's key bought no token for '${id}' (status ${status}${word}). Check the key and its account.`,
    ...(typeof description === 'string' && { cause: new Error(description) }),
  });
}
