import type { NativeFields } from '../domain/conversation.js';
import { foreignFields, IRREPLACEABLE_FIELDS, isIdle, QUIET_FIELDS } from '../domain/foreign-fields.js';
import { lose, type WriteContext } from './write-context.js';

/** Without these the answer, or who may see it, would be another (PROTOCOLS 2.2). */
const REFUSED: ReadonlySet<string> = new Set([
  ...IRREPLACEABLE_FIELDS,
  'cachedContent',
  'container',
  'mcp_servers',
  'thread',
]);

const QUIET: ReadonlySet<string> = new Set([...QUIET_FIELDS, 'diagnostics']);

/** Reports request fields of another dialect that have no counterpart in chat. */
export function reportForeignFields(native: NativeFields, context: WriteContext): void {
  const detail = `Only a vendor of the ${native.dialect} format knows it.`;
  for (const field of foreignFields(native, QUIET)) {
    if (REFUSED.has(field)) {
      context.losses.refused(field, detail);
    } else {
      lose(context, 'dropped', field, detail);
    }
  }
}

/** Dropping these would change what the answer is, or who may see it. */
const ANSWER_CHANGING: ReadonlySet<string> = new Set([
  'audio',
  'functions',
  'modalities',
  'n',
  'response_format',
  'store',
  'tools',
]);

const QUIETLY_UNSUPPORTED: ReadonlySet<string> = new Set([...QUIET, 'metadata', 'prompt_cache_key', 'user']);

/** Takes out what this vendor refuses. */
export function dropUnsupported(body: Record<string, unknown>, context: WriteContext): void {
  const { losses, target } = context;
  for (const field of target.quirks.unsupported ?? []) {
    const value = body[field];
    delete body[field];
    if (value === undefined || isIdle(field, value)) {
      continue;
    }
    const detail = `'${target.vendor}' does not know it.`;
    if (ANSWER_CHANGING.has(field)) {
      losses.refused(field, detail);
    } else if (!QUIETLY_UNSUPPORTED.has(field)) {
      lose(context, 'dropped', field, detail);
    }
  }
}
