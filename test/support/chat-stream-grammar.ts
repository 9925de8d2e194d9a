interface Delta {
  readonly role?: string;
  readonly tool_calls?: readonly { index?: number; id?: string; type?: string }[];
}

interface Chunk {
  readonly id?: unknown;
  readonly object?: unknown;
  readonly created?: unknown;
  readonly model?: unknown;
  readonly choices?: readonly { index: number; delta: Delta; finish_reason: string | null }[];
  readonly usage?: unknown;
  readonly error?: { readonly message?: unknown };
}

interface Called {
  readonly name?: unknown;
  readonly arguments?: unknown;
  readonly input?: unknown;
}

interface WholeChoice {
  readonly index: number;
  readonly finish_reason: string;
  readonly message: {
    readonly role?: unknown;
    readonly content?: unknown;
    readonly tool_calls?: readonly { id?: unknown; type: string; function?: Called; custom?: Called }[];
  };
}

interface ChoiceState {
  tools: number;
  finished: boolean;
}

const REASONS = new Set(['stop', 'length', 'tool_calls', 'content_filter', 'function_call']);

/**
 * The grammar of OpenAI's chat streams as its SDKs rely on it: `data:` events only, one id and model throughout, a role
 * chunk first and one finish last per choice, tools numbered from 0 with id and type at their first delta, at most one
 * usage chunk behind all finishes, and then either `[DONE]` or an error, which nothing follows.
 *
 * @throws Error naming the event that breaks it
 */
export function checkChatStream(sseText: string): void {
  check(sseText.endsWith('\n\n'), 'the text ends inside an event');
  check(!/[\u2028\u2029]/.test(sseText), 'a raw line separator');
  const events = sseText.slice(0, -2).split('\n\n');
  const state = { head: '', choices: new Map<number, ChoiceState>(), usage: false };
  events.forEach((event, position) => {
    check(
      event.startsWith('data: ') && !event.includes('\n'),
      `event ${position} is not one data line: ${event}`,
    );
    const data = event.slice('data: '.length);
    const isLast = position === events.length - 1;
    if (data === '[DONE]') {
      check(isLast, '[DONE] is not last');
      check(
        state.choices.size > 0 && [...state.choices.values()].every(choice => choice.finished),
        '[DONE] before all choices finished',
      );
      return;
    }
    const chunk = JSON.parse(data) as Chunk;
    check('error' in chunk === isLast, `event ${position}: only an error or [DONE] ends a stream`);
    if (!chunk.error) {
      checkChunk(chunk, state, data);
    } else {
      check(typeof chunk.error.message === 'string', 'an error without a message');
    }
  });
}

/** A whole chat completion. @throws Error naming what is wrong with it */
export function checkChatAnswer(body: Readonly<Record<string, unknown>>): void {
  const { id, object, created, model, choices } = body;
  check(object === 'chat.completion' && Number.isInteger(created), `no completion: ${JSON.stringify(body)}`);
  check(typeof id === 'string' && id !== '' && typeof model === 'string', 'no id or model');
  check(Array.isArray(choices) && choices.length > 0, 'no choices');
  (choices as WholeChoice[]).forEach(({ index, message, finish_reason: reason }, position) => {
    const where = JSON.stringify(message);
    check(index === position && message.role === 'assistant', `no message of its number: ${where}`);
    check(REASONS.has(reason), `an unknown finish: ${reason}`);
    check(message.content === null || typeof message.content === 'string', `no content: ${where}`);
    for (const { id: callId, type, ...call } of message.tool_calls ?? []) {
      const { name, arguments: given, input } = call.function ?? call.custom ?? {};
      check(typeof callId === 'string' && callId !== '' && type in call, `no call: ${where}`);
      check(typeof name === 'string' && typeof (given ?? input) === 'string', `no name or input: ${where}`);
    }
  });
}

function checkChunk(
  chunk: Chunk,
  state: { head: string; choices: Map<number, ChoiceState>; usage: boolean },
  data: string,
): void {
  const head = JSON.stringify([chunk.id, chunk.object, chunk.created, chunk.model]);
  state.head ||= head;
  check(head === state.head, `another id, time or model: ${data}`);
  check(chunk.object === 'chat.completion.chunk' && Number.isInteger(chunk.created), `no chunk: ${data}`);
  check(typeof chunk.id === 'string' && typeof chunk.model === 'string', `no id or model: ${data}`);
  check(!state.usage, `a chunk behind the usage: ${data}`);
  const { choices = [] } = chunk;
  if (choices.length === 0) {
    check('usage' in chunk, `an empty chunk: ${data}`);
    check(
      [...state.choices.values()].every(choice => choice.finished),
      `usage before the finish: ${data}`,
    );
    state.usage = true;
  }
  for (const { index, delta, finish_reason } of choices) {
    const first = !state.choices.has(index);
    const choice = state.choices.get(index) ?? { tools: 0, finished: false };
    state.choices.set(index, choice);
    check((delta.role === 'assistant') === first, `the role comes first, once: ${data}`);
    check(!choice.finished, `content after the finish: ${data}`);
    check(finish_reason === null || REASONS.has(finish_reason), `an unknown finish: ${data}`);
    choice.finished = finish_reason !== null;
    for (const call of delta.tool_calls ?? []) {
      checkCall(call, choice, data);
    }
  }
}

function checkCall(call: NonNullable<Delta['tool_calls']>[number], choice: ChoiceState, data: string): void {
  const { index = -1 } = call;
  const first = index === choice.tools;
  check(index >= 0 && index <= choice.tools, `tools are numbered from 0: ${data}`);
  check(
    first === (call.id !== undefined && call.type !== undefined),
    `id and type come first, once: ${data}`,
  );
  choice.tools += first ? 1 : 0;
}

function check(holds: boolean, message: string): void {
  if (!holds) {
    throw new Error(message);
  }
}
