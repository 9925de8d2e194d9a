import type {
  ContentBlockParam,
  MessageParam,
  TextBlockParam,
  ToolResultBlockParam,
} from '@anthropic-ai/sdk/resources/messages';

/** One message before its final place is known. Two drafts in a row never have the same role. */
export interface Draft {
  readonly role: 'user' | 'assistant';
  readonly blocks: ContentBlockParam[];
  /** Ids of an assistant's tool calls, in order. */
  readonly calls: string[];
  /** An assistant's: the results of its calls. A user's: results whose call nobody knows. */
  readonly results: ToolResultBlockParam[];
  /** A user's: system text that stands behind it. */
  readonly instructions: TextBlockParam[];
  /** Of the message itself, known to this dialect alone. */
  members: Readonly<Record<string, unknown>>;
  reasoningLost: boolean;
}

/** All results of an assistant's calls come first in the message after it, in the order of the calls. */
export function layOut(drafts: readonly Draft[]): MessageParam[] {
  const messages: MessageParam[] = [];
  let results: ToolResultBlockParam[] = [];
  for (const draft of drafts) {
    if (draft.role === 'assistant') {
      pushMessage(messages, 'user', results);
      pushMessage(messages, 'assistant', draft.blocks, draft.members);
      results = inOrderOfCalls(draft);
    } else {
      pushMessage(messages, 'user', [...results, ...draft.results, ...draft.blocks], draft.members);
      results = [];
      if (draft.instructions.length > 0) {
        messages.push({ role: 'system', content: draft.instructions });
      }
    }
  }
  pushMessage(messages, 'user', results);
  trimLast(messages);
  return messages;
}

function pushMessage(
  messages: MessageParam[],
  role: 'user' | 'assistant',
  content: ContentBlockParam[],
  members: Draft['members'] = {},
): void {
  if (content.length > 0) {
    messages.push({ ...members, role, content });
  }
}

function inOrderOfCalls({ calls, results }: Draft): ToolResultBlockParam[] {
  const places = new Map(calls.map((id, place) => [id, place]));
  const placeOf = ({ tool_use_id: id }: ToolResultBlockParam): number => places.get(id) ?? -1;
  return results.toSorted((a, b) => placeOf(a) - placeOf(b));
}

/** An answer begun by the caller (prefill) must not end with white space. */
function trimLast(messages: MessageParam[]): void {
  const last = messages.at(-1);
  if (last?.role !== 'assistant' || typeof last.content === 'string') {
    return;
  }
  const block = last.content.at(-1);
  if (block?.type === 'text') {
    last.content[last.content.length - 1] = { ...block, text: block.text.trimEnd() };
  }
}
