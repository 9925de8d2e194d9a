import type { GenerationRequest } from '../domain/conversation.js';
import { foreignFields, IRREPLACEABLE_FIELDS, QUIET_FIELDS } from '../domain/foreign-fields.js';
import type { Losses } from '../domain/losses.js';

/** Without these the answer would be another one (PROTOCOLS 2.2). */
const REFUSED: ReadonlySet<string> = new Set([...IRREPLACEABLE_FIELDS, 'audio', 'cachedContent']);

/** Bookkeeping, and second spellings of what the canonical request says: no answer depends on them. */
const QUIET: ReadonlySet<string> = new Set([
  ...QUIET_FIELDS,
  'max_tokens',
  'prompt_cache_key',
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
