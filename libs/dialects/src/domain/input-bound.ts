import { PART_NEEDS } from './request-outline.js';
import type { Wire } from './wire.js';
import { isObject } from '@app/shared';

/** The most that a model can read of a body. */
export interface InputBound {
  /** Tokens; null: as many as the model takes, since something of it is elsewhere (a URL, a file, an earlier answer). */
  readonly tokens: number | null;
  readonly images: number;
  /** There are pictures or sound, which may have prices of their own. */
  readonly hasMedia: boolean;
  /** A tool that the vendor runs itself, and that may make it read and write any number of tokens; null: there is none. */
  readonly hostedTool: string | null;
}

/** Vendors add instructions of their own for tools: Anthropic, which says how many, some 350 tokens. */
const TOOLS_OVERHEAD = 1000;
/** Members that stand for something that is not in the body. */
const ELSEWHERE = ['previous_response_id', 'conversation', 'cachedContent', 'cached_content', 'container'];
/** A part that names one has its content elsewhere, and more tokens than bytes. */
const REFERENCES = new Set(['file_id', 'file_url', 'file_uri', 'fileUri', 'fileData', 'file_data']);
const FILMS = new Set(['video', 'video_url']);
/** What callers run themselves. */
const OWN_TOOL = /^(function|custom|text_editor|bash|computer|memory|local_shell|shell|apply_patch)/;

/** Members that have a vendor search, or run something: OpenAI's, Anthropic's, OpenRouter's, xAI's, Qwen's and Cohere's. */
const HOSTED_MEMBERS = [
  'web_search_options',
  'mcp_servers',
  'plugins',
  'search_parameters',
  'enable_search',
  'connectors',
];

interface Found {
  images: number;
  hasMedia: boolean;
  isElsewhere: boolean;
}

/**
 * Text has no more tokens than bytes. Pictures are counted, as each vendor has a formula of its own; of documents nobody knows.
 *
 * @param bytes of the whole body
 */
export function inputBoundOf(body: Wire, bytes: number): InputBound {
  const found: Found = { images: 0, hasMedia: false, isElsewhere: false };
  for (const field of ['messages', 'input', 'contents', 'system', 'prompt']) {
    look(body[field], found);
  }
  const isElsewhere = found.isElsewhere || ELSEWHERE.some(field => (body[field] ?? null) !== null);
  const overhead = body['tools'] || body['functions'] ? TOOLS_OVERHEAD : 0;
  const { images, hasMedia } = found;
  return { tokens: isElsewhere ? null : bytes + overhead, images, hasMedia, hostedTool: hostedToolOf(body) };
}

function look(value: unknown, found: Found): void {
  if (Array.isArray(value)) {
    value.forEach(item => look(item, found));
    return;
  }
  if (!isObject(value)) {
    return;
  }
  const type = typeof value['type'] === 'string' ? value['type'] : '';
  const need = Object.hasOwn(PART_NEEDS, type) ? PART_NEEDS[type] : undefined;
  const mime = mimeOf(value);
  const isImage = need === 'image_input' || (typeof mime === 'string' && mime.startsWith('image/'));
  found.images += isImage ? 1 : 0;
  found.hasMedia ||= isImage || mime !== undefined || need === 'audio_input';
  found.isElsewhere ||= need === 'document_input' || FILMS.has(type) || type === 'item_reference';
  found.isElsewhere ||= typeof mime === 'string' && /^(application|video)\//.test(mime);
  for (const [key, member] of Object.entries(value)) {
    found.isElsewhere ||= REFERENCES.has(key) && member !== null;
    if (typeof member === 'object') {
      look(member, found);
    }
  }
}

/** Google takes its fields in both spellings. */
function mimeOf(part: Wire): unknown {
  const data = part['inlineData'] ?? part['inline_data'];
  return isObject(data) ? (data['mimeType'] ?? data['mime_type']) : undefined;
}

function hostedToolOf(body: Wire): string | null {
  const tools: unknown = body['tools'];
  for (const tool of Array.isArray(tools) ? (tools as unknown[]) : []) {
    if (!isObject(tool)) {
      continue;
    }
    const { type } = tool;
    if (typeof type === 'string' && type !== '' && !OWN_TOOL.test(type)) {
      return type;
    }
    const named = Object.keys(tool).find(key => /^(google|url|code|enterprise|file)/i.test(key));
    if (type === undefined && named !== undefined && named !== 'functionDeclarations') {
      return named;
    }
  }
  if (isObject(body['prompt'])) {
    return 'prompt'; // kept by OpenAI, with instructions and tools of its own
  }
  return HOSTED_MEMBERS.find(name => (body[name] ?? false) !== false) ?? null;
}
