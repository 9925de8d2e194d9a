import {
  asWritten,
  type ClientDialect,
  type GenerationRequest,
  type Loss,
  parseExact,
  type Passage,
  type SignatureSeal,
  type Target,
  type VendorDialect,
} from '@app/dialects';
import type { PassedPrompt, PromptTrail } from '@app/optimization';
import type { Route } from '@app/routing';
import {
  HISTORY_HEADER,
  type HistoryWindow,
  InvalidRequestError,
  removeMembers,
  spliceMembers,
} from '@app/shared';
import type { ParsedBody } from './parse-body.js';
import { holdsSealed } from './signature-seal.js';
import { draftFor } from './vendor-draft.js';

/** A request body in the vendor's dialect. */
export interface VendorBody {
  /** With the vendor's dialect that it is in. */
  readonly route: Route;
  readonly wire: Buffer | string;
  readonly headers: Readonly<Record<string, string>>;
  /** The conversation it was written from, for the answer to be written, too; null when the answer's bytes pass through. */
  readonly request: GenerationRequest | null;
  readonly losses: readonly Loss[];
  /** What the prompt passes learn from when the usage is known; absent or null: nothing. */
  readonly trail?: PromptTrail | null;
}

interface WriteOptions {
  readonly seal: SignatureSeal;
  /** Refuse whatever would be lost. */
  readonly strict: boolean;
  /** The caller's own protocol headers, for a vendor of its dialect. */
  readonly forward?: Readonly<Record<string, string>> | undefined;
  /**
   * The answer is not to be passed as bytes: it may have to be gone on with elsewhere. The text is what was said of it
   * already, for the vendor to go on from.
   */
  readonly said?: string | null | undefined;
  /** Prompt passes, where the project wants any. */
  readonly pass?: ((request: GenerationRequest, route: Route) => PassedPrompt) | undefined;
  /** The part of the conversation that the caller wants to be sent on; `pass` cuts it out. */
  readonly history?: HistoryWindow | undefined;
}

/**
 * The caller's bytes when the vendor speaks the same dialect and no pass has anything to do, else a translation.
 *
 * @throws InvalidRequestError (400) naming the field that cannot be read
 * @throws UnsupportedFieldsError (400) naming what the vendor cannot do
 */
export function writeVendorBody(
  client: ClientDialect,
  body: ParsedBody,
  route: Route,
  options: WriteOptions,
): VendorBody {
  const { seal, strict, forward, said = null, pass } = options;
  const { vendor, dialect, target } = route;
  if (said === null && client.id === dialect.id && canPass(client.passage, body, target)) {
    const asItCame = bytesAsTheyCame(client, body, route, forward);
    const passing = pass ? passedOn(asItCame, client, body, { ...options, pass }) : asItCame;
    if (passing) {
      return passing;
    }
  }
  const request = readRequest(client, body, seal);
  const asked = said ? begun(request, said) : request;
  const passed = pass?.(asked, route);
  const named = asWritten(client.fieldNames, body.json);
  const draft = draftFor(passed?.request ?? asked, route, named);
  draft.losses.assertAcceptable(vendor.id, strict);
  const { dialect: chosen } = draft.route;
  const isOwn = client.id === chosen.id;
  return {
    route: draft.route,
    wire: JSON.stringify({ ...draft.written, ...chosen.bodyMembers }),
    headers: {
      ...chosen.headers,
      // The version fits the body as it was written, not as the caller wrote it.
      ...(isOwn && forward),
      ...chosen.requestHeaders?.(draft.written),
    },
    request: said === null && isOwn && client.passage.answersPass ? null : request,
    losses: toldLosses(draft.losses.list, passed, named),
    ...(passed && { trail: passed.trail }),
  };
}

function bytesAsTheyCame(
  client: ClientDialect,
  { json, bytes }: ParsedBody,
  route: Route,
  forward: WriteOptions['forward'],
): VendorBody {
  const { dialect, target } = route;
  const members = client.passage.members(json, target.model);
  const wire = withMembers(bytes, members, dialect.bodyMembers);
  const own = dialect.requestHeaders?.(json);
  const headers = { ...dialect.headers, ...own, ...forward };
  return { route, wire, headers, request: null, losses: [] };
}

/**
 * What could go as it came, but went through the passes: written anew when one of them changed it, and as it came where nobody but
 * the vendor understands it, or writing it anew would lose anything. Its answer passes either way.
 *
 * @returns null when it may neither go as it came, since its caller wants a part of it only, nor be written anew without a loss
 */
function passedOn(
  asItCame: VendorBody,
  client: ClientDialect,
  body: ParsedBody,
  { seal, forward, pass, history }: WriteOptions & { pass: NonNullable<WriteOptions['pass']> },
): VendorBody | null {
  const { route } = asItCame;
  const request = readIfClear(client, body, seal);
  const passed = request && pass(request, route);
  if (!passed) {
    return history ? null : asItCame;
  }
  if (passed.request === request) {
    return { ...asItCame, trail: passed.trail };
  }
  const { dialect } = route;
  const named = asWritten(client.fieldNames, body.json);
  const { written, losses, route: chosen } = draftFor(passed.request, route, named);
  if (losses.list.length > 0 || chosen.dialect !== dialect) {
    return passed.turnsLeftOut === undefined ? asItCame : null;
  }
  return {
    ...asItCame,
    wire: JSON.stringify({ ...written, ...dialect.bodyMembers }),
    headers: { ...dialect.headers, ...dialect.requestHeaders?.(written), ...forward },
    losses: toldLosses([], passed, named),
    trail: passed.trail,
  };
}

/** With what the caller asked to be left out: it is no loss that a strict one minds. */
function toldLosses(
  losses: readonly Loss[],
  passed: PassedPrompt | undefined,
  named: (field: string) => string,
): readonly Loss[] {
  const turns = passed?.turnsLeftOut;
  return turns === undefined
    ? losses
    : [
        ...losses,
        {
          field: named('messages'),
          action: 'dropped',
          detail: `The first ${turns} turns were left out, as '${HISTORY_HEADER}' asks.`,
        },
      ];
}

/** Null for what a reader refuses. */
function readIfClear(client: ClientDialect, body: ParsedBody, seal: SignatureSeal): GenerationRequest | null {
  try {
    return readRequest(client, body, seal);
  } catch (error) {
    if (error instanceof InvalidRequestError) {
      return null;
    }
    throw error;
  }
}

/** @throws InvalidRequestError (400) naming the field that cannot be read */
export function readRequest(client: ClientDialect, body: ParsedBody, seal: SignatureSeal): GenerationRequest {
  const { model, stream } = body; // which stand in the URL of some dialects
  return { ...client.readRequest(parseExact(body.bytes.toString()), seal), model, stream };
}

/** The request with the beginning of its answer. What was kept of the body as it came does not have it. */
function begun(request: GenerationRequest, said: string): GenerationRequest {
  const { body: _body, ...native } = request.native;
  const turn = { role: 'assistant', parts: [{ kind: 'text', text: said }] } as const;
  return { ...request, turns: [...request.turns, turn], native };
}

/** @param vendors what all bodies have at this vendor, and what none of them has */
function withMembers(
  bytes: Buffer,
  members: Readonly<Record<string, string>>,
  vendors: VendorDialect['bodyMembers'] = {},
): Buffer {
  const set = { ...members };
  const unwanted: string[] = [];
  for (const [name, value] of Object.entries(vendors)) {
    if (value === undefined) {
      delete set[name];
      unwanted.push(name);
    } else {
      set[name] = JSON.stringify(value);
    }
  }
  const kept = unwanted.length === 0 ? bytes : removeMembers(bytes, unwanted);
  return Object.keys(set).length === 0 ? kept : spliceMembers(kept, set);
}

/** What this gateway sealed must be opened, so a body that holds it cannot go as it is. */
function canPass(passage: Passage, { json, bytes }: ParsedBody, target: Target): boolean {
  const { quirks, traits } = target;
  return (
    passage.fits(json, quirks) &&
    !passage.asksTooMuch?.(json, traits) &&
    !passage.lacks?.(json, target) &&
    !holdsSealed(bytes)
  );
}
