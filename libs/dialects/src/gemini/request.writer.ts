import type { GenerationRequest } from '../domain/conversation.js';
import type { Target } from '../domain/dialect.js';
import { isIdle } from '../domain/foreign-fields.js';
import type { Losses } from '../domain/losses.js';
import { writeContents } from './contents.writer.js';
import { reportForeignFields } from './foreign-fields.js';
import { type GenerationConfig, writeSettings, writeTier } from './settings.writer.js';
import { writeThinking } from './thinking.writer.js';
import { writeTools } from './tools.writer.js';
import { isObject } from '../domain/wire.js';
import { addNativeFields } from './native-fields.js';
import { newContext, type WriteContext } from './write-context.js';

/** The request as a body for `:generateContent`. The model stands in the path. */
export function writeRequest(
  request: GenerationRequest,
  target: Target,
  losses: Losses,
): Record<string, unknown> {
  const native = request.native.dialect === 'gemini';
  const context = newContext(target, losses, native);
  const written = writeContents(request.turns, context);
  const tools = writeTools(request.tools, context);
  if (!native) {
    reportForeignFields(request.native, tools.tools === undefined, losses);
  }
  const thinkingConfig = writeThinking(request.settings.reasoning, context);
  const serviceTier = writeTier(request.settings, losses);
  const generationConfig: GenerationConfig = {
    ...writeSettings(request.settings, context),
    ...(thinkingConfig && { thinkingConfig }),
  };
  const body: Record<string, unknown> = {
    ...written,
    ...tools,
    ...(serviceTier !== undefined && { serviceTier }),
    ...(Object.keys(generationConfig).length > 0 && { generationConfig }),
  };
  if (native) {
    addNativeFields(body, request.native.fields);
  }
  dropUnsupported(body, context);
  return body;
}

function dropUnsupported(body: Record<string, unknown>, { target, losses }: WriteContext): void {
  const config = body['generationConfig'];
  for (const field of target.quirks.unsupported ?? []) {
    for (const level of [body, config]) {
      if (isObject(level) && field in level) {
        const value = level[field];
        delete (level as Record<string, unknown>)[field];
        if (!isIdle(field, value)) {
          losses.dropped(field, `The vendor '${target.vendor}' does not take it.`);
        }
      }
    }
  }
}
