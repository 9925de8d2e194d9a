import { staysInside } from '@app/providers';
import { InvalidRequestError } from '@app/shared';

const VENDOR_PATH = /^\/([a-z0-9-]+)(\/[^?]+)(?:\?(.*))?$/s;
const QUERY = /^[\x21\x22\x24-\x7e]*$/;

/** `/openai/v1/files?limit=2` in its parts. */
export interface VendorPath {
  /** As it was called; whether there is such a vendor is not known yet. */
  readonly vendor: string;
  /** Begins with a slash and holds more than that. */
  readonly path: string;
  readonly query: string;
}

/** The parts of `/{vendor}/…`; null when the URL has another form. */
export function splitVendorPath(url: string): VendorPath | null {
  const [, vendor, path, query = ''] = VENDOR_PATH.exec(url) ?? [];
  return vendor === undefined || path === undefined ? null : { vendor, path, query };
}

/**
 * The address of a path at a vendor, never outside the vendor's base URL. The path may be what stands below the base URL
 * (`/files`) or what the vendor documents (`/v1/files`, `/openai/v1/files`): what it begins with and the base URL ends with
 * counts once. A query of the base URL is kept, unless the caller says the same. Of a base URL with `{model}` the part
 * before it counts.
 *
 * @throws InvalidRequestError (400) for a path that some server might read as one outside
 */
export function urlBelow(baseUrl: string, { path, query }: Pick<VendorPath, 'path' | 'query'>): string {
  assertInside(path);
  if (!QUERY.test(query)) {
    throw new InvalidRequestError('The query of the URL is not valid. Percent-encode what is not ASCII.');
  }
  const { address, defaults } = partsOf(baseUrl);
  const all = [query, missingFrom(query, defaults)].filter(Boolean).join('&');
  return joined(address, path) + (all && `?${all}`);
}

/** What stands below the base URL in an address that a vendor told; null when it lies elsewhere. */
export function pathBelow(baseUrl: string, told: string): string | null {
  const url = URL.parse(told, baseUrl);
  const base = URL.parse(partsOf(baseUrl).address);
  const prefix = base?.pathname.replace(/\/$/, '');
  const isBelow = url && url.origin === base?.origin && url.pathname.startsWith(`${prefix}/`);
  return isBelow ? url.pathname.slice(prefix?.length) + url.search : null;
}

function partsOf(baseUrl: string): { address: string; defaults: string } {
  const [address = '', defaults = ''] = baseUrl.split('?');
  const [fixed = ''] = address.split(/\/[^/]*\{model\}/);
  return { address: fixed.replace(/\/+$/, ''), defaults };
}

/** `https://api.groq.com/openai/v1` with `/openai/v1/files`, `/v1/files` or `/files` is the same. */
function joined(address: string, path: string): string {
  const start = address.indexOf('/', address.indexOf('//') + 2);
  const segments = start < 0 ? [] : address.slice(start + 1).split('/');
  for (let from = 0; from < segments.length; from++) {
    const tail = `/${segments.slice(from).join('/')}`;
    if (path === tail || path.startsWith(`${tail}/`)) {
      return address + path.slice(tail.length);
    }
  }
  return address + path;
}

/** A base URL's own parameters, such as an API version, stand in for what the caller leaves out. */
function missingFrom(query: string, defaults: string): string {
  const said = new URLSearchParams(query);
  return defaults
    .split('&')
    .filter(pair => pair !== '' && !said.has(pair.split('=')[0] ?? ''))
    .join('&');
}

function assertInside(path: string): void {
  if (!staysInside(path)) {
    throw new InvalidRequestError(
      "The path cannot be sent to the vendor: it holds '..', an empty part, a backslash or a sign that no path may hold. " +
        'Send the path of one endpoint, percent-encoded once.',
      null,
      'invalid_path',
    );
  }
}
