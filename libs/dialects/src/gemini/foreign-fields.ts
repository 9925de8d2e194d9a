import type { NativeFields } from '../domain/conversation.js';
import { foreignFields } from '../domain/foreign-fields.js';
import type { Losses } from '../domain/losses.js';

/** Without these the answer would be another one (PROTOCOLS 2.2). */
const REFUSED = new Set([
  'audio',
  'background',
  'container',
  'conversation',
  'input.compaction',
  'input.item_reference',
  'function_call',
  'functions',
  'mcp_servers',
  'previous_response_id',
  'prompt',
]);

/** Bookkeeping: no answer depends on them. */
const QUIET = new Set([
  'client_metadata',
  'include',
  'labels',
  'metadata',
  'prompt_cache_key',
  'prompt_cache_options',
  'prompt_cache_retention',
  'safety_identifier',
  'stream_options',
  'user',
]);

/** Reports the fields that only the caller's own dialect knows; `alone` = no other tool is left to the model. */
export function reportForeignFields(native: NativeFields, alone: boolean, losses: Losses): void {
  for (const field of foreignFields(native, QUIET)) {
    if (REFUSED.has(field) || (field === 'web_search_options' && alone)) {
      losses.refused(field, `Only a vendor of the ${native.dialect} format can do this.`);
    } else {
      losses.dropped(field, 'Gemini has nothing like it.');
    }
  }
}
