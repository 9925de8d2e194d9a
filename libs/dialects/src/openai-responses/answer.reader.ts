import { UpstreamError } from '@app/shared';
import type { Answer, AnswerSummary } from '../domain/answer.js';
import type { Target } from '../domain/dialect.js';
import type { Part, TextPart, ToolCallPart } from '../domain/part.js';
import { findError } from '../openai-chat/embedded-error.js';
import { upstreamError } from '../openai-chat/error.reader.js';
import { meantUsage } from '../domain/usage.js';
import { isObject, objectsAt, textAt, type Wire } from '../domain/wire.js';
import { readAnnotation } from './content.reader.js';
import { nativePart } from './items.reader.js';
import { readReasoningOutput } from './reasoning.reader.js';
import { readFinish } from './status.js';
import { readUsage } from './usage.js';

/**
 * Reads a whole response of any vendor of this dialect. The object itself travels along for callers of the same dialect.
 *
 * @throws UpstreamError when the body is an error or no response, or the response failed
 */
export function readAnswer(wire: unknown, target: Target): Answer {
  const body = responseIn(wire, target);
  const items = objectsAt(body, 'output');
  const parts = items.flatMap(item => readOutputItem(item, target));
  const logprobs = items
    .flatMap(item => objectsAt(item, 'content'))
    .flatMap(part => objectsAt(part, 'logprobs'));
  const serviceTier = textAt(body, 'service_tier');
  return {
    ...headOf(body),
    choices: [
      {
        index: 0,
        parts,
        finish: readFinish(body, callsTools(items)),
        ...(logprobs.length > 0 && { logprobs: { content: logprobs } }),
      },
    ],
    usage: meantUsage(readUsage(body)),
    ...(serviceTier && { serviceTier }),
    native: { dialect: 'openai-responses', fields: body },
  };
}

/** @throws as `readAnswer` */
export function readSummary(wire: unknown, target: Target): AnswerSummary {
  const body = responseIn(wire, target);
  const { id, model } = headOf(body);
  const { reason } = readFinish(body, callsTools(objectsAt(body, 'output')));
  return { id, model, finish: reason, usage: meantUsage(readUsage(body)) };
}

/** Id, model and time, as the vendor tells them. */
export function headOf(body: Wire): Pick<Answer, 'id' | 'model' | 'created'> {
  const { created_at: created } = body;
  return {
    id: textAt(body, 'id'),
    model: textAt(body, 'model'),
    // OpenAI's older answers have fractions of seconds.
    ...(typeof created === 'number' && { created: Math.floor(created) }),
  };
}

function responseIn(wire: unknown, { vendor }: Target): Wire {
  const error = findError(wire);
  if (error) {
    throw upstreamError(vendor, error);
  }
  if (!isObject(wire) || !Array.isArray(wire['output'])) {
    throw new UpstreamError({
      vendor,
      upstreamStatus: null,
      code: 'malformed_answer',
      message: `The vendor '${vendor}' answered something that is no response.`,
    });
  }
  const status = textAt(wire, 'status');
  if (status === 'failed' || status === 'cancelled') {
    throw new UpstreamError({
      vendor,
      upstreamStatus: null,
      code: `response_${status}`,
      message: `The vendor '${vendor}' broke off with the status '${status}'.`,
    });
  }
  return wire;
}

const CALLS: ReadonlySet<unknown> = new Set(['function_call', 'custom_tool_call']);

/** Is an item of this type a tool call? */
export function isCall(type: unknown): boolean {
  return CALLS.has(type);
}

export function callsTools(items: readonly Wire[]): boolean {
  return items.some(item => isCall(item['type']));
}

/** What one item of `output` says. */
function readOutputItem(item: Wire, target: Target): Part[] {
  switch (item['type']) {
    case 'message':
      return objectsAt(item, 'content').map(readSaid);
    case 'reasoning':
      return [readReasoningOutput(item, target)].filter(part => part !== null);
    case 'function_call':
    case 'custom_tool_call':
      return [readCall(item)];
    default:
      return [nativePart(item)];
  }
}

function readSaid(part: Wire): Part {
  if (part['type'] === 'refusal') {
    return { kind: 'refusal', text: textAt(part, 'refusal') };
  }
  return part['type'] === 'output_text' ? readText(part) : nativePart(part);
}

function readText(part: Wire): TextPart {
  const citations = objectsAt(part, 'annotations').map(readAnnotation);
  return { kind: 'text', text: textAt(part, 'text'), ...(citations.length > 0 && { citations }) };
}

export function readCall(item: Wire): ToolCallPart {
  const custom = item['type'] === 'custom_tool_call';
  const namespace = textAt(item, 'namespace');
  return {
    kind: 'tool-call',
    id: textAt(item, 'call_id') || textAt(item, 'id'),
    name: textAt(item, 'name'),
    arguments: textAt(item, custom ? 'input' : 'arguments'),
    ...(custom && { custom }),
    ...(namespace && { namespace }),
  };
}
