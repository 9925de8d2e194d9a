import type OpenAI from 'openai';
import type { Plan } from '../answering/script.js';
import { fragments, pieces } from '../answering/tokens.js';
import type { Answer, Frame } from '../chat-dialect.js';
import { asObject } from '../json.js';
import { itemsOf, probabilities, responseOf } from './answer.js';

type Item = OpenAI.Responses.ResponseOutputItem;

/** The named, numbered events of a streamed response; the last one holds all of it again. */
export function* streamFrames(answer: Answer): Iterable<Frame> {
  const {
    plans: [plan],
  } = answer;
  const events = new Events(asObject(answer.request.body.stream_options ?? {}).include_obfuscation !== false);
  const begun = { response: responseOf(answer, [], undefined) };
  yield events.frame('response.created', begun);
  yield events.frame('response.in_progress', begun);
  if (!plan) {
    return;
  }
  const items = itemsOf(plan, answer);
  for (const [index, item] of items.entries()) {
    yield* itemFrames(events, { item, index, plan, answer });
  }
  const ending = plan.finish === 'length' || plan.finish === 'filter' ? 'incomplete' : 'completed';
  yield {
    ...events.frame(`response.${ending}`, { response: responseOf(answer, items, plan) }),
    ending: true,
  };
}

class Events {
  private sequence = 0;

  constructor(private readonly obfuscated: boolean) {}

  frame(type: string, fields: object): Frame {
    const padding = this.obfuscated && type.endsWith('.delta') ? { obfuscation: 'sImPaD' } : {};
    const data = { type, ...fields, ...padding, sequence_number: this.sequence++ };
    return { data: `event: ${type}\ndata: ${JSON.stringify(data)}\n\n` };
  }
}

interface Streamed {
  readonly item: Item;
  readonly index: number;
  readonly plan: Plan;
  readonly answer: Answer;
}

function* itemFrames(events: Events, { item, index, plan, answer }: Streamed): Iterable<Frame> {
  const at = { output_index: index, item_id: item.id ?? '' };
  switch (item.type) {
    case 'reasoning':
      yield events.frame('response.output_item.added', {
        output_index: index,
        item: { ...item, summary: [] },
      });
      yield* reasoningFrames(events, { item, plan }, at);
      break;
    case 'message':
      yield events.frame('response.output_item.added', {
        output_index: index,
        item: { ...item, status: 'in_progress', content: [] },
      });
      yield* messageFrames(events, { item, answer }, { ...at, content_index: 0 });
      break;
    case 'function_call':
      yield {
        ...events.frame('response.output_item.added', {
          output_index: index,
          item: { ...item, status: 'in_progress', arguments: '' },
        }),
        answer: item.name,
      };
      yield* inputFrames(events, 'response.function_call_arguments', { arguments: item.arguments }, at);
      break;
    case 'custom_tool_call':
      yield {
        ...events.frame('response.output_item.added', { output_index: index, item: { ...item, input: '' } }),
        answer: item.name,
      };
      yield* inputFrames(events, 'response.custom_tool_call_input', { input: item.input }, at);
      break;
    default:
      break;
  }
  yield events.frame('response.output_item.done', { output_index: index, item });
}

/** @param input its one member is what the call says */
function* inputFrames(
  events: Events,
  name: string,
  input: Record<string, string>,
  at: object,
): Iterable<Frame> {
  for (const delta of Object.values(input).flatMap(text => [...fragments(text)])) {
    yield { ...events.frame(`${name}.delta`, { ...at, delta }), answer: delta };
  }
  yield events.frame(`${name}.done`, { ...at, ...input });
}

function* reasoningFrames(
  events: Events,
  { item, plan }: { readonly item: OpenAI.Responses.ResponseReasoningItem; readonly plan: Plan },
  at: object,
): Iterable<Frame> {
  const [part] = item.summary;
  if (!part) {
    // Reasoning that is not shown is paid for all the same.
    yield { data: '', reasoning: plan.reasoning };
    return;
  }
  const where = { ...at, summary_index: 0 };
  yield events.frame('response.reasoning_summary_part.added', { ...where, part: { ...part, text: '' } });
  for (const delta of pieces(part.text)) {
    yield { ...events.frame('response.reasoning_summary_text.delta', { ...where, delta }), reasoning: delta };
  }
  yield events.frame('response.reasoning_summary_text.done', { ...where, text: part.text });
  yield events.frame('response.reasoning_summary_part.done', { ...where, part });
}

function* messageFrames(
  events: Events,
  { item, answer }: { readonly item: OpenAI.Responses.ResponseOutputMessage; readonly answer: Answer },
  at: object,
): Iterable<Frame> {
  const [part] = item.content;
  if (part?.type === 'refusal') {
    yield events.frame('response.content_part.added', { ...at, part: { type: 'refusal', refusal: '' } });
    for (const delta of pieces(part.refusal)) {
      yield { ...events.frame('response.refusal.delta', { ...at, delta }), answer: delta };
    }
    yield events.frame('response.refusal.done', { ...at, refusal: part.refusal });
    yield events.frame('response.content_part.done', { ...at, part });
  } else if (part) {
    const empty = { ...part, text: '', annotations: [], logprobs: [] };
    yield events.frame('response.content_part.added', { ...at, part: empty });
    for (const delta of pieces(part.text)) {
      const logprobs = probabilities(delta, answer.request.body);
      yield { ...events.frame('response.output_text.delta', { ...at, delta, logprobs }), answer: delta };
    }
    for (const [annotation_index, annotation] of part.annotations.entries()) {
      const fields = { ...at, annotation_index, annotation };
      yield events.frame('response.output_text.annotation.added', fields);
    }
    const { text, logprobs = [] } = part;
    yield events.frame('response.output_text.done', { ...at, text, logprobs });
    yield events.frame('response.content_part.done', { ...at, part });
  }
}
