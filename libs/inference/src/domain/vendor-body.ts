import {
  type ClientDialect,
  type GenerationRequest,
  type Loss,
  Losses,
  parseExact,
  type SignatureSeal,
} from '@app/dialects';
import type { Route } from '@app/routing';
import { canPassThrough, passThroughBody } from './chat-pass-through.js';
import type { ParsedBody } from './parse-body.js';

/** A request body in the vendor's dialect. */
export interface VendorBody {
  readonly wire: Buffer | string;
  readonly headers: Readonly<Record<string, string>>;
  /** The conversation it was written from; null when the caller's bytes pass through. */
  readonly request: GenerationRequest | null;
  readonly losses: readonly Loss[];
}

interface WriteOptions {
  readonly seal: SignatureSeal;
  /** Refuse whatever would be lost. */
  readonly strict: boolean;
}

/**
 * The caller's bytes when the vendor speaks the same dialect, else a translation.
 *
 * @throws InvalidRequestError (400) naming the field that cannot be read
 * @throws UnsupportedFieldsError (400) naming what the vendor cannot do
 */
export function writeVendorBody(
  client: ClientDialect,
  body: ParsedBody,
  { vendor, dialect, target }: Route,
  { seal, strict }: WriteOptions,
): VendorBody {
  if (client.id === dialect.id && canPassThrough(vendor, body)) {
    const wire = passThroughBody(body, target.model);
    return { wire, headers: dialect.headers, request: null, losses: [] };
  }
  const losses = new Losses();
  const request = client.readRequest(parseExact(body.bytes.toString()), seal);
  const written = dialect.writeRequest(request, target, losses);
  losses.assertAcceptable(vendor.id, strict);
  return {
    wire: JSON.stringify(written),
    headers: { ...dialect.headers, ...dialect.requestHeaders?.(written) },
    request,
    losses: losses.list,
  };
}
