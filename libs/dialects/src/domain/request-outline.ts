import type { Wire } from './wire.js';

/** What of a request decides which models can answer it, read from the body of any dialect. */
export interface RequestOutline {
  /** What the model must have, in the words of model lists: `image_input`, `tools`, `structured_output`, … */
  readonly needs: readonly string[];
  /** In tokens; null when the caller sets no limit. */
  readonly maxOutputTokens: number | null;
}

/** What kinds of parts ask of the model, by their `type`. */
export const PART_NEEDS: Readonly<Record<string, string>> = {
  image_url: 'image_input',
  input_image: 'image_input',
  image: 'image_input',
  input_audio: 'audio_input',
  audio: 'audio_input',
  file: 'document_input',
  input_file: 'document_input',
  document: 'document_input',
};
/** The same by MIME type, where parts have that (Gemini). */
const MIME_NEEDS: readonly (readonly [prefix: string, need: string])[] = [
  ['image/', 'image_input'],
  ['audio/', 'audio_input'],
  ['application/pdf', 'document_input'],
];
const TURNS = ['messages', 'input', 'contents'] as const;
const PARTS = ['content', 'parts'] as const;
/** Where dialects say how long an answer may be, but for Gemini's. */
export const OUTPUT_LIMITS = ['max_completion_tokens', 'max_tokens', 'max_output_tokens'] as const;

/** Only looks: what is malformed needs nothing, and is refused by whoever reads it in earnest. */
export function outlineOf(body: Wire): RequestOutline {
  const needs = new Set<string>();
  for (const field of TURNS) {
    const turns = body[field];
    for (const turn of Array.isArray(turns) ? (turns as unknown[]) : []) {
      noteTurn(turn, needs);
    }
  }
  if (hasItems(body['tools']) || hasItems(body['functions'])) {
    needs.add('tools');
  }
  const generation = memberOf(body, 'generationConfig');
  if (
    wantsSchema(body) ||
    memberOf(generation, 'responseSchema') ||
    memberOf(generation, 'responseJsonSchema')
  ) {
    needs.add('structured_output');
  }
  return { needs: [...needs], maxOutputTokens: limitOf(body) ?? limitIn(generation, 'maxOutputTokens') };
}

function limitOf(body: Wire): number | null {
  for (const field of OUTPUT_LIMITS) {
    const limit = limitIn(body, field);
    if (limit !== null) {
      return limit;
    }
  }
  return null;
}

function limitIn(value: unknown, name: string): number | null {
  const limit = memberOf(value, name);
  return typeof limit === 'number' && limit > 0 ? limit : null;
}

function noteTurn(turn: unknown, needs: Set<string>): void {
  notePart(turn, needs); // Responses has parts among its turns
  for (const field of PARTS) {
    const parts = memberOf(turn, field);
    if (Array.isArray(parts)) {
      parts.forEach(part => notePart(part, needs));
    }
  }
}

function notePart(part: unknown, needs: Set<string>): void {
  const type = memberOf(part, 'type');
  const need = typeof type === 'string' && Object.hasOwn(PART_NEEDS, type) ? PART_NEEDS[type] : undefined;
  if (need !== undefined) {
    needs.add(need);
  }
  const mime = memberOf(memberOf(part, 'inlineData') ?? memberOf(part, 'fileData'), 'mimeType');
  if (typeof mime === 'string') {
    MIME_NEEDS.filter(([prefix]) => mime.startsWith(prefix)).forEach(([, wanted]) => needs.add(wanted));
  }
}

/** Chat, Responses and Messages each have a place of their own for it. */
function wantsSchema(body: Wire): boolean {
  return (
    isSchema(memberOf(body, 'response_format')) ||
    isSchema(memberOf(memberOf(body, 'text'), 'format')) ||
    isSchema(memberOf(memberOf(body, 'output_config'), 'format'))
  );
}

function isSchema(format: unknown): boolean {
  return memberOf(format, 'type') === 'json_schema';
}

function hasItems(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Wire)[name] : undefined;
}
