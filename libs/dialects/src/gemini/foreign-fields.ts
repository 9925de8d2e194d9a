import type { NativeFields } from '../domain/conversation.js';
import { foreignFields, IRREPLACEABLE_FIELDS, QUIET_FIELDS } from '../domain/foreign-fields.js';
import type { Losses } from '../domain/losses.js';

/** Without these the answer would be another one (PROTOCOLS 2.2). */
const REFUSED: ReadonlySet<string> = new Set([
  ...IRREPLACEABLE_FIELDS,
  'audio',
  'container',
  'function_call',
  'functions',
  'mcp_servers',
]);
const QUIET: ReadonlySet<string> = new Set([...QUIET_FIELDS, 'metadata', 'prompt_cache_key', 'user']);

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
