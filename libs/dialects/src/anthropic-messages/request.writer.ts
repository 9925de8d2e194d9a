import type { MessageCreateParams, TextBlockParam } from '@anthropic-ai/sdk/resources/messages';
import type { GenerationRequest } from '../domain/conversation.js';
import type { Target } from '../domain/dialect.js';
import { isIdle } from '../domain/foreign-fields.js';
import type { Losses } from '../domain/losses.js';
import { limitCacheMarks, type Markable } from './cache-marks.js';
import { reportForeignFields } from './foreign-fields.js';
import { writeReasoning } from './reasoning.writer.js';
import { writeFormat, writeSettings } from './settings.writer.js';
import { merge } from '../domain/wire.js';
import { writeTools, type WrittenTools } from './tools.writer.js';
import { writeTurns, type WrittenTurns } from './turns.writer.js';
import type { WriteContext } from './write-context.js';

type Body = Omit<MessageCreateParams, 'system' | 'output_config'> & {
  system?: TextBlockParam[];
  output_config?: Record<string, unknown>;
};

/** The request as a body for POST /v1/messages under API version 2026-10-21 (see `vendor.ts` for the exception). */
export function writeRequest(
  request: GenerationRequest,
  target: Target,
  losses: Losses,
): Record<string, unknown> {
  const native = request.native.dialect === 'anthropic-messages';
  const context: WriteContext = { target, losses, native };
  const { system, ...turns } = writeTurns(request.turns, context);
  const tools = writeTools(request.tools, context);
  const obstacle = thinkingObstacle(turns, tools, context);
  const { effort, thinking, maxTokens } = writeReasoning(request, obstacle, context);
  const { format, instruction } = writeFormat(request.settings.format, context);
  if (instruction !== undefined) {
    system.push({ type: 'text', text: instruction });
  }
  if (!native) {
    reportForeignFields(request, tools.tools === undefined, losses);
  }
  const isThinking = thinking !== undefined && thinking.type !== 'disabled';
  const body: Body = {
    model: target.model,
    max_tokens: maxTokens,
    ...(system.length > 0 && { system }),
    messages: turns.messages,
    ...tools,
    ...(thinking && { thinking }),
    ...(effort || format ? { output_config: { ...(effort && { effort }), ...(format && { format }) } } : {}),
    ...writeSettings(request.settings, isThinking, context),
    ...(request.stream && { stream: true }),
  };
  limitCacheMarks(markable(body), losses);
  return withoutUnsupported(
    merge({ ...body }, native ? { ...request.native.fields, model: target.model } : undefined),
    context,
  );
}

/**
 * What the API does not take beside thinking: a forced tool, and a running tool loop whose reasoning cannot come back
 * (PROTOCOLS 2.7). With a budget, the answer that goes on must begin with reasoning even when there never was any. What
 * a caller of this dialect asks for together, the vendor judges.
 */
function thinkingObstacle(
  { messages, toolLoop, reasoningLost }: Omit<WrittenTurns, 'system'>,
  { tool_choice }: WrittenTools,
  { target: { traits }, native }: WriteContext,
): string | undefined {
  if (!native && (tool_choice?.type === 'any' || tool_choice?.type === 'tool')) {
    return 'Anthropic does not think when a tool is forced.';
  }
  if (toolLoop && (reasoningLost || (traits.reasoning === 'budget' && !beginsWithReasoning(messages)))) {
    return 'Thinking was turned off: the reasoning before the tool call cannot go back.';
  }
  return undefined;
}

function beginsWithReasoning(messages: WrittenTurns['messages']): boolean {
  const content = messages.findLast(({ role }) => role === 'assistant')?.content;
  const type = typeof content === 'object' ? content[0]?.type : undefined;
  return type === 'thinking' || type === 'redacted_thinking';
}

/** Every block that may carry a cache mark, in prompt order. */
function* markable({ tools, system, messages }: Body): Iterable<Markable> {
  yield* (tools ?? []) as Markable[];
  yield* system ?? [];
  for (const { content } of messages) {
    for (const block of typeof content === 'string' ? [] : content) {
      if (block.type === 'tool_result' && typeof block.content === 'object') {
        yield* block.content as Markable[];
      }
      yield block as Markable;
    }
  }
}

function withoutUnsupported(
  body: Record<string, unknown>,
  { target, losses }: WriteContext,
): Record<string, unknown> {
  for (const field of target.quirks.unsupported ?? []) {
    if (field in body) {
      const value = body[field];
      delete body[field];
      if (!isIdle(field, value)) {
        losses.dropped(field, `The vendor '${target.vendor}' does not take it.`);
      }
    }
  }
  return body;
}
