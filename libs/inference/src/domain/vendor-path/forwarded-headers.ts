import type { Quota } from '@app/shared';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A key of this gateway, wherever a caller may have put it. */
const OWN_KEY = /[pa]k_[0-9a-f]{48}|ek_v1\./;
/** About one connection (RFC 9110 7.6.1), or about a body that the gateway frames itself. */
const HOP =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|http2-settings|expect|host)$/;
/** Whose call it is; the vendor's key comes in their place. An organization or project goes with its key. */
const CREDENTIALS =
  /^(authorization|cookie|x-api-key|x-goog-api-key|api-key|ocp-apim-subscription-key|openai-organization|openai-project|x-goog-user-project|x-amz-security-token)$/;
/** Where the caller is, and which proxies it came through. */
const NETWORK =
  /^(forwarded|via|from|origin|referer|(x-)?(real|client|cluster-client|remote|original)-.*|x-forwarded-.*|x-(envoy|amzn|appengine|azure|arr|vercel|render)-.*|(cf|cdn|fastly|fly|true-client)-.*|sec-.*|x-llmhub-.*)$/;
/** The vendor is to answer unpacked, so that the usage can be read, and the key hidden should it be repeated. */
const ENCODING = 'accept-encoding';
const QUERY_CREDENTIALS = new Set(['key', 'access_token', 'oauth_token']);

/** Meant for the vendor's own host, or for browsers, which know this one by its own rules. */
const OF_THEIR_HOST =
  /^(set-cookie2?|alt-svc|strict-transport-security|public-key-pins.*|access-control-.*|cross-origin-.*|content-security-policy.*|x-frame-options|clear-site-data|refresh|link|nel|report-to|reporting-endpoints|www-authenticate|date|x-llmhub-.*)$/;
const ADDRESSES = new Set(['location', 'content-location']);
const QUOTA = /^x-ratelimit-(limit|remaining|reset)-requests$/;
const TOKEN_QUOTA = /^x-ratelimit-(limit|remaining|reset)-tokens$/;
const UPSTREAM = 'x-llmhub-upstream-';

/**
 * The caller's headers for a vendor, without its credentials and its network.
 *
 * @param own what the gateway itself says: rules over the caller's
 * @param defaults for what the caller does not say
 */
export function vendorHeaders(
  headers: Headers,
  own: Readonly<Record<string, string>>,
  defaults: Readonly<Record<string, string>>,
): Record<string, string> {
  const named = hopsNamedBy(headers);
  const kept: Record<string, string> = { ...defaults };
  for (const [name, value] of Object.entries(headers)) {
    const text = textOf(value);
    const goes = !(HOP.test(name) || CREDENTIALS.test(name) || NETWORK.test(name) || named.has(name));
    if (goes && !OWN_KEY.test(text)) {
      kept[name] = text;
    }
  }
  return { ...kept, [ENCODING]: 'identity', ...lowerCased(own) };
}

/** The caller's query without the places that hold keys; all other bytes as they came. */
export function vendorQuery(query: string): string {
  return query
    .split('&')
    .filter(pair => {
      const [[name, value] = ['', '']] = new URLSearchParams(pair);
      return !QUERY_CREDENTIALS.has(name) && !OWN_KEY.test(value) && !OWN_KEY.test(name);
    })
    .join('&');
}

export interface AnswerHeaderRules {
  /** Whether a value may be shown. */
  readonly isSafe: (value: string) => boolean;
  /** An address at the vendor as one at the gateway; null when it lies elsewhere. */
  readonly rebase: (address: string) => string | null;
  readonly quota: Quota | null;
  /** Of tokens. */
  readonly tokenQuota: Quota | null;
}

/** The vendor's headers for the caller; names that the gateway needs itself go under `x-llmhub-upstream-`. */
export function callerHeaders(headers: Headers, rules: AnswerHeaderRules): Record<string, string> {
  const named = hopsNamedBy(headers);
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const text = textOf(value);
    if (HOP.test(name) || OF_THEIR_HOST.test(name) || named.has(name) || !rules.isSafe(text)) {
      continue;
    }
    const isAddress = ADDRESSES.has(name) || /^https?:\/\//i.test(text);
    const shown = isAddress ? rules.rebase(text) : text;
    if (shown !== null) {
      kept[isOurs(name, rules) ? UPSTREAM + name : name] = shown;
    }
  }
  return kept;
}

function isOurs(name: string, { quota, tokenQuota }: AnswerHeaderRules): boolean {
  return (
    name === 'x-request-id' ||
    (quota !== null && QUOTA.test(name)) ||
    (tokenQuota !== null && TOKEN_QUOTA.test(name))
  );
}

function hopsNamedBy({ connection }: Headers): ReadonlySet<string> {
  return new Set(
    textOf(connection)
      .toLowerCase()
      .split(',')
      .map(name => name.trim()),
  );
}

function textOf(value: Headers[string]): string {
  return typeof value === 'string' ? value : (value?.join(', ') ?? '');
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
