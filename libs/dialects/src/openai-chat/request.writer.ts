import type { GenerationRequest } from '../domain/conversation.js';
import type { Target } from '../domain/dialect.js';
import type { Losses } from '../domain/losses.js';
import { dropUnsupported, reportForeignFields } from './foreign-fields.js';
import { writeTurns } from './message.writer.js';
import type { Spelling } from './setting-fields.js';
import { writeSettings } from './settings.writer.js';
import { writeTools } from './tools.writer.js';
import { isObject } from '../domain/wire.js';
import type { WriteContext } from './write-context.js';

/**
 * Writes the body of POST …/chat/completions. A caller of the same dialect gets back what it said, unknown fields
 * included; what another dialect says beyond chat goes to `losses`. Streams are always asked for usage.
 */
export function writeRequest(
  request: GenerationRequest,
  target: Target,
  losses: Losses,
): Record<string, unknown> {
  const { native, settings, tools, turns, stream } = request;
  const own = native.dialect === 'openai-chat';
  const context: WriteContext = { target, losses, own };
  const spelling: Spelling = (own && native.spelling) || {};
  const body: Record<string, unknown> = {
    model: target.model,
    messages: writeTurns(turns, context),
    ...writeTools(tools, spelling.tools === 'functions', context),
    ...writeSettings(settings, spelling, context),
  };
  if (own) {
    Object.assign(body, native.fields);
  } else {
    reportForeignFields(native, context);
  }
  if (spelling.toolChoice) {
    body['tool_choice'] = spelling.toolChoice;
  }
  delete body['stream_options'];
  if (stream) {
    const options = own ? native.fields['stream_options'] : undefined;
    body['stream'] = true;
    body['stream_options'] = { ...(isObject(options) && options), include_usage: true };
  }
  rename(body, target.quirks.renamed ?? {});
  dropUnsupported(body, context);
  return body;
}

function rename(body: Record<string, unknown>, names: Readonly<Record<string, string>>): void {
  for (const [ours, theirs] of Object.entries(names)) {
    if (body[ours] !== undefined) {
      body[theirs] = body[ours];
      delete body[ours];
    }
  }
}
