import {
  type ClientDialect,
  type GenerationRequest,
  type Loss,
  Losses,
  parseExact,
  type Passage,
  type Quirks,
  type SignatureSeal,
} from '@app/dialects';
import type { Route } from '@app/routing';
import { spliceMembers } from '@app/shared';
import type { ParsedBody } from './parse-body.js';
import { holdsSealed } from './signature-seal.js';

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
  dialect: ClientDialect,
  body: ParsedBody,
  { vendor, target }: Route,
  { seal, strict, forward }: WriteOptions,
): VendorBody {
  if (dialect.id === vendor.dialect.id && canPass(dialect.passage, body, vendor.quirks)) {
    const members = dialect.passage.members(body.json, target.model);
    const isUntouched = Object.keys(members).length === 0;
    const wire = isUntouched ? body.bytes : spliceMembers(body.bytes, members);
    return { wire, headers: { ...vendor.dialect.headers, ...forward }, request: null, losses: [] };
  }
  const losses = new Losses();
  const request = dialect.readRequest(parseExact(body.bytes.toString()), seal);
  const written = vendor.dialect.writeRequest(request, target, losses);
  losses.assertAcceptable(vendor.id, strict);
  return {
    wire: JSON.stringify(written),
    headers: { ...vendor.dialect.headers, ...vendor.dialect.requestHeaders?.(written) },
    request,
    losses: losses.list,
  };
}

/** What this gateway sealed must be opened, so a body that holds it cannot go as it is. */
function canPass(passage: Passage, { json, bytes }: ParsedBody, quirks: Quirks): boolean {
  return passage.fits(json, quirks) && !holdsSealed(bytes);
}
