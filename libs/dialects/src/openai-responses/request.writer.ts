import type { GenerationRequest } from '../domain/conversation.js';
import type { Target } from '../domain/dialect.js';
import type { Losses } from '../domain/losses.js';
import { dropUnsupported, reportForeignFields } from '../openai-chat/foreign-fields.js';
import type { WriteContext } from '../openai-chat/write-context.js';
import { writeInput } from './items.writer.js';
import { writeOwnBody } from './own-body.js';
import { writeSettings } from './settings.writer.js';
import { writeTools } from './tools.writer.js';

/** Fields that chat and Responses share, and that have no canonical home. */
const SHARED_WITH_CHAT: ReadonlySet<string> = new Set([
  'moderation',
  'prompt_cache_options',
  'prompt_cache_retention',
  'safety_identifier',
]);

/**
 * Writes the body of POST …/responses. A caller of the same dialect gets back what it said; what another dialect says
 * beyond Responses goes to `losses`. Nothing is kept at the vendor unless the caller asked for it.
 */
export function writeRequest(
  request: GenerationRequest,
  target: Target,
  losses: Losses,
): Record<string, unknown> {
  const { native, settings, tools, turns, stream } = request;
  const own = native.dialect === 'openai-responses';
  const context: WriteContext = { target, losses, own };
  const body: Record<string, unknown> =
    own && native.body
      ? writeOwnBody(native.body, turns, context)
      : {
          model: target.model,
          ...writeInput(turns, context),
          ...writeTools(tools, context),
          ...writeSettings(settings, context),
          ...writeForeign(request, context),
          ...(stream && { stream: true }),
        };
  dropUnsupported(body, context);
  return body;
}

function writeForeign({ native }: GenerationRequest, context: WriteContext): Record<string, unknown> {
  if (native.dialect !== 'openai-chat') {
    reportForeignFields(native, context);
    return {};
  }
  const entries = Object.entries(native.fields);
  const fields = Object.fromEntries(entries.filter(([field]) => !SHARED_WITH_CHAT.has(field)));
  reportForeignFields({ ...native, fields }, context);
  return Object.fromEntries(entries.filter(([field]) => SHARED_WITH_CHAT.has(field)));
}
