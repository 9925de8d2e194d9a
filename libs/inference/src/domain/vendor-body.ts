import {
  type ClientDialect,
  type GenerationRequest,
  type Loss,
  parseExact,
  type Passage,
  type Quirks,
  type SignatureSeal,
} from '@app/dialects';
import type { Route } from '@app/routing';
import { spliceMembers } from '@app/shared';
import type { ParsedBody } from './parse-body.js';
import { holdsSealed } from './signature-seal.js';
import { draftFor } from './vendor-draft.js';

/** A request body in the vendor's dialect. */
export interface VendorBody {
  /** With the vendor's dialect that it is in. */
  readonly route: Route;
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
  /** The caller's own protocol headers, for a vendor of its dialect. */
  readonly forward?: Readonly<Record<string, string>> | undefined;
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
  route: Route,
  { seal, strict, forward }: WriteOptions,
): VendorBody {
  const { vendor, dialect, target } = route;
  if (client.id === dialect.id && canPass(client.passage, body, vendor.quirks)) {
    const members = client.passage.members(body.json, target.model);
    const isUntouched = Object.keys(members).length === 0;
    const wire = isUntouched ? body.bytes : spliceMembers(body.bytes, members);
    return { route, wire, headers: { ...dialect.headers, ...forward }, request: null, losses: [] };
  }
  const request = client.readRequest(parseExact(body.bytes.toString()), seal);
  const draft = draftFor(request, route);
  draft.losses.assertAcceptable(vendor.id, strict);
  return {
    route: draft.route,
    wire: JSON.stringify(draft.written),
    headers: { ...draft.route.dialect.headers, ...draft.route.dialect.requestHeaders?.(draft.written) },
    request,
    losses: draft.losses.list,
  };
}

/** What this gateway sealed must be opened, so a body that holds it cannot go as it is. */
function canPass(passage: Passage, { json, bytes }: ParsedBody, quirks: Quirks): boolean {
  return passage.fits(json, quirks) && !holdsSealed(bytes);
}
