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
  spliceChanges,
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

type Pass = (request: GenerationRequest, route: Route, body?: ParsedBody['json']) => PassedPrompt;

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
  /** Prompt passes, where the project wants any; told the body where its bytes may be sent. */
  readonly pass?: Pass | undefined;
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
 * What could go as it came, but went through the passes. What they cut is cut out of the caller's bytes, so that all else is what its
 * caller wrote, in this call and in every later one. Where they do more it is written anew, unless that would lose anything. Its
 * answer passes either way.
 *
 * @returns null when it may neither go as it came, since its caller wants a part of it only, nor be written anew without a loss
 */
function passedOn(
  asItCame: VendorBody,
  client: ClientDialect,
  body: ParsedBody,
  options: WriteOptions & { pass: Pass },
): VendorBody | null {
  const { route } = asItCame;
  const { seal, pass, history, forward } = options;
  const request = readIfClear(client, body, seal);
  const passed = request && pass(request, route, body.json);
  if (!passed) {
    return history ? null : asItCame;
  }
  const { trail, inBody } = passed;
  if (passed.request === request) {
    return { ...asItCame, trail };
  }
  const written = inBody?.isAll
    ? null
    : writtenAnew(asItCame, passed, asWritten(client.fieldNames, body.json), forward);
  if (written) {
    return written;
  }
  if (passed.turnsLeftOut !== undefined) {
    return null;
  }
  if (!inBody || inBody.body === body.json) {
    return asItCame;
  }
  const edited = { ...body, bytes: spliceChanges(body.bytes, body.json, inBody.body) };
  const { wire } = bytesAsTheyCame(client, edited, route, forward);
  return { ...asItCame, wire, trail: trail && (inBody.isAll ? trail : { ...trail, marks: null }) };
}

/** @returns null when that would lose anything */
function writtenAnew(
  asItCame: VendorBody,
  passed: PassedPrompt,
  named: (field: string) => string,
  forward: WriteOptions['forward'],
): VendorBody | null {
  const { dialect } = asItCame.route;
  const { written, losses, route: chosen } = draftFor(passed.request, asItCame.route, named);
  if (losses.list.length > 0 || chosen.dialect !== dialect) {
    return null;
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
