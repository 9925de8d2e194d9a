import type { SignatureSeal } from '../domain/dialect.js';
import type {
  MediaPart,
  MediaSource,
  NativePart,
  Part,
  ToolCallPart,
  ToolResultPart,
} from '../domain/part.js';
import { at, invalid, objectIn, optionalObject, optionalText, requiredText } from '../domain/fields.js';
import { isAbsent, isObject, leftover, stringOr, type Wire, withoutUndefined } from '../domain/wire.js';
import type { CallBook } from './call-book.js';
import { mediaKind } from './content.reader.js';
import { camelNames } from './member-names.js';
import { openSignature, type OpenedSignature } from './sealed-signature.js';

export interface PartContext {
  readonly calls: CallBook;
  readonly seal: SignatureSeal;
}

/** Members of a part that are read wherever they stand. */
const PART: ReadonlySet<string> = new Set(['text', 'thought', 'thoughtSignature']);
const NONE: ReadonlySet<string> = new Set();
const BLOB: ReadonlySet<string> = new Set(['mimeType', 'data']);
const FILE: ReadonlySet<string> = new Set(['mimeType', 'fileUri']);
const CALL: ReadonlySet<string> = new Set(['id', 'name', 'args']);
const RESULT: ReadonlySet<string> = new Set(['id', 'name', 'response', 'parts']);
const VALUES = ['text', 'inlineData', 'fileData', 'functionCall', 'functionResponse'];

/**
 * One part of a caller's content. A signature on a text or a medium becomes reasoning without text in front of it, as
 * the reader of answers has it; one that this gateway did not seal stays with the part, for Google to judge.
 */
export function readRequestPart(value: unknown, path: string, context: PartContext): Part[] {
  const part = camelNames(objectIn(value, path, 'a part such as {"text": "…"}'));
  const opened = openedIn(part, context.seal);
  if (!isAbsent(part['functionCall'])) {
    return [readCall(part, opened, path, context.calls)];
  }
  if (!isAbsent(part['functionResponse'])) {
    return [readResult(part, path, context)];
  }
  if (isThought(part)) {
    return readThought(part, opened, path);
  }
  const said = isAbsent(part['text']) ? readMedia(part, opened, path) : readText(part, opened, path);
  return opened ? [{ kind: 'reasoning', text: '', signature: opened.signature }, ...said] : said;
}

function openedIn(part: Wire, seal: SignatureSeal): OpenedSignature | null {
  const text = part['thoughtSignature'];
  return typeof text === 'string' ? openSignature(text, seal) : null;
}

/** A part of a signature alone belongs to the thoughts. */
function isThought(part: Wire): boolean {
  const isBare = VALUES.every(name => isAbsent(part[name])) && !isAbsent(part['thoughtSignature']);
  return part['thought'] === true || (isBare && leftover(part, PART) === undefined);
}

/** What a part holds besides, and a signature that no seal opened; likewise of the one member that is looked into. */
function nativeOf(
  part: Wire,
  opened: OpenedSignature | null,
  inner?: string,
  innerKnown?: ReadonlySet<string>,
): Wire | undefined {
  const native = leftover(part, PART, inner, innerKnown);
  const { thoughtSignature } = part;
  return opened || isAbsent(thoughtSignature) ? native : { ...native, thoughtSignature };
}

function readThought(part: Wire, opened: OpenedSignature | null, path: string): Part[] {
  const text = optionalText(part, 'text', path) ?? '';
  const native = nativeOf(part, opened);
  if (text === '' && !opened && !native) {
    return [];
  }
  return [
    withoutUndefined({
      kind: 'reasoning' as const,
      text,
      signature: opened?.signature,
      ...(opened?.redacted && { redacted: true }),
      native,
    }),
  ];
}

/** An empty text says nothing, unless something stands on it. */
function readText(part: Wire, opened: OpenedSignature | null, path: string): Part[] {
  const text = requiredText(part, 'text', path);
  const native = nativeOf(part, opened);
  return text === '' && !native ? [] : [withoutUndefined({ kind: 'text' as const, text, native })];
}

function readCall(part: Wire, opened: OpenedSignature | null, path: string, calls: CallBook): ToolCallPart {
  const inner = at(path, 'functionCall');
  const call = camelNames(objectIn(part['functionCall'], inner, 'an object with `name` and `args`'));
  const name = requiredText(call, 'name', inner);
  return withoutUndefined({
    kind: 'tool-call' as const,
    id: calls.call(optionalText(call, 'id', inner) || undefined, name),
    name,
    arguments: argumentsText(optionalObject(call, 'args', inner)),
    signature: opened?.signature,
    native: nativeOf({ ...part, functionCall: call }, opened, 'functionCall', CALL),
  });
}

/** `{_raw: …}` is how the writers say what is no JSON object. */
function argumentsText(args: Wire = {}): string {
  const { _raw: raw, ...rest } = args;
  return typeof raw === 'string' && Object.keys(rest).length === 0 ? raw : JSON.stringify(args);
}

function readResult(part: Wire, path: string, context: PartContext): ToolResultPart {
  const inner = at(path, 'functionResponse');
  const wire = camelNames(objectIn(part['functionResponse'], inner, 'an object with `name` and `response`'));
  const name = requiredText(wire, 'name', inner);
  const { text, isError } = resultText(optionalObject(wire, 'response', inner) ?? {});
  const list = Array.isArray(wire['parts']) ? wire['parts'] : [];
  const media = list.flatMap((value, index) => {
    const here = `${inner}.parts[${index}]`;
    const piece = objectIn(value, here, 'a part with `inlineData` or `fileData`');
    return readMedia(camelNames(piece), null, here);
  });
  return withoutUndefined({
    kind: 'tool-result' as const,
    callId: context.calls.answer(optionalText(wire, 'id', inner) || undefined, name),
    name,
    parts: [...(text === '' ? [] : [{ kind: 'text' as const, text }]), ...media],
    ...(isError && { isError }),
    native: nativeOf({ ...part, functionResponse: wire }, null, 'functionResponse', RESULT),
  });
}

/** Google's convention: `output` is the text, `error` says that it failed; any other object is the result itself. */
function resultText(response: Wire): { text: string; isError: boolean } {
  const [key, ...others] = Object.keys(response);
  if (others.length > 0 || (key !== 'output' && key !== 'error')) {
    return { text: JSON.stringify(response), isError: false };
  }
  const value = response[key];
  return { text: typeof value === 'string' ? value : JSON.stringify(value), isError: key === 'error' };
}

function readMedia(part: Wire, opened: OpenedSignature | null, path: string): (MediaPart | NativePart)[] {
  const [member, known] = isAbsent(part['inlineData'])
    ? (['fileData', FILE] as const)
    : (['inlineData', BLOB] as const);
  if (isAbsent(part[member])) {
    if (leftover(part, NONE) === undefined) {
      throw invalid(path, 'a part such as {"text": "…"}');
    }
    return [{ kind: 'native', dialect: 'gemini', value: part }];
  }
  const inner = at(path, member);
  const data = camelNames(objectIn(part[member], inner, 'an object'));
  const mime = optionalText(data, 'mimeType', inner);
  const source = member === 'inlineData' ? bytesOf(data, inner) : fileOf(data, inner);
  return [
    withoutUndefined({
      kind: 'media' as const,
      media: isYouTube(source) ? ('video' as const) : mediaKind(mime ?? ''),
      mime,
      source,
      filename: optionalText(data, 'displayName', inner),
      detail: detailOf(part['mediaResolution']),
      native: nativeOf({ ...part, [member]: data }, opened, member, known),
    }),
  ];
}

function bytesOf(data: Wire, path: string): MediaSource {
  return { kind: 'base64', data: requiredText(data, 'data', path, 'base64 text') };
}

const OWN_FILE = /^(?:gs:|https:\/\/generativelanguage\.googleapis\.com\/)/i;

/** Files that only Google can open are ids; the others are addresses. */
function fileOf(data: Wire, path: string): MediaSource {
  const uri = requiredText(data, 'fileUri', path);
  return /^https?:/i.test(uri) && !OWN_FILE.test(uri) ? { kind: 'url', url: uri } : { kind: 'file', id: uri };
}

function isYouTube(source: MediaSource): boolean {
  return source.kind === 'url' && /^https?:\/\/(?:www\.|m\.)?(?:youtube\.com|youtu\.be)\//i.test(source.url);
}

/** `MEDIA_RESOLUTION_LOW`, or `{level: …}` of it. */
function detailOf(resolution: unknown): string | undefined {
  const level = isObject(resolution) ? resolution['level'] : resolution;
  return /_(LOW|HIGH)$/.exec(stringOr(level, ''))?.[1]?.toLowerCase();
}
