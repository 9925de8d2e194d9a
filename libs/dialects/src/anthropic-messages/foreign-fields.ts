import type { GenerationRequest } from '../domain/conversation.js';
import { foreignFields } from '../domain/foreign-fields.js';
import type { Losses } from '../domain/losses.js';

/** Without these the answer would be another one (PROTOCOLS 2.2). */
const REFUSED = new Set([
  'audio',
  'background',
  'cachedContent',
  'conversation',
  'input.compaction',
  'input.item_reference',
  'previous_response_id',
  'prompt',
]);

/** Bookkeeping, and second spellings of what the canonical request says: no answer depends on them. */
const QUIET = new Set([
  'client_metadata',
  'include',
  'labels',
  'max_tokens',
  'prompt_cache_key',
  'prompt_cache_options',
  'prompt_cache_retention',
  'safety_identifier',
  'stream_options',
  'tool_choice',
  'user',
]);

/** Reports the fields that only the caller's own dialect knows; `alone` = no other tool is left to the model. */
export function reportForeignFields(request: GenerationRequest, alone: boolean, losses: Losses): void {
  const { dialect } = request.native;
  for (const field of foreignFields(request.native, QUIET)) {
    const fatal =
      REFUSED.has(field) ||
      (field === 'web_search_options' && alone) ||
      (field === 'response_format' && !request.settings.format);
    if (fatal) {
      losses.refused(field, `Only a vendor of the ${dialect} format can do this.`);
    } else {
      losses.dropped(field, 'Anthropic has nothing like it.');
    }
  }
}
