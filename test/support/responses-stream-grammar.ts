import { isDeepStrictEqual } from 'node:util';

type Json = Record<string, any>; // oxlint-disable-line typescript/no-explicit-any -- events as they stand on the wire

interface OpenItem {
  readonly id: unknown;
  readonly type: string;
  /** Open content or summary parts, by number. */
  readonly parts: Map<number, { text: string; isTold: boolean; isOver: boolean }>;
  input: string;
  inputDone: boolean;
}

interface State {
  id: unknown;
  sequence: number;
  readonly open: Map<number, OpenItem>;
  readonly output: Json[];
  ended: boolean;
}

const ENDINGS: Readonly<Record<string, string>> = {
  'response.completed': 'completed',
  'response.incomplete': 'incomplete',
  'response.failed': 'failed',
};
const DELTA = /^response\.(output_text|refusal|reasoning_summary_text|reasoning_text)\.(delta|done)$/;
const INPUT = /^response\.(function_call_arguments|custom_tool_call_input)\.(delta|done)$/;
const PART = /^response\.(content_part|reasoning_summary_part)\.(added|done)$/;

/**
 * The grammar of OpenAI's Responses streams as its SDKs rely on it: named events, numbered throughout; `created` and
 * `in_progress`; each item added, told and done under one number and id; what is done equals its deltas; then one of the
 * endings with the whole output, or an error. Nothing but an error follows a failure.
 *
 * @throws Error naming the event that breaks it
 */
export function checkResponsesStream(sseText: string): void {
  check(sseText.endsWith('\n\n'), 'the text ends inside an event');
  const state: State = { id: undefined, sequence: -1, open: new Map(), output: [], ended: false };
  const events = sseText
    .slice(0, -2)
    .split('\n\n')
    .filter(text => !text.startsWith(':'));
  events.forEach((text, position) => {
    const [, name = '', data = ''] = /^event: (\S+)\ndata: ([^\n]*)$/.exec(text) ?? [];
    check(name !== '', `event ${position} is not one named data line: ${text}`);
    const event = JSON.parse(data) as Json;
    check(event['type'] === name, `the name of the event is not its type: ${text}`);
    if (name === 'error') {
      check(position === events.length - 1, 'something follows an error');
      check(typeof event['message'] === 'string', `an error without a message: ${text}`);
      state.ended = true;
      return;
    }
    check(!state.ended, `something follows the ending: ${text}`);
    check(event['sequence_number'] === state.sequence + 1, `the numbers have a gap: ${text}`);
    state.sequence++;
    checkEvent(name, event, state, position);
  });
  check(state.ended, 'the stream has no ending');
}

function checkEvent(name: string, event: Json, state: State, position: number): void {
  const where = JSON.stringify(event).slice(0, 300);
  if (position < 2) {
    check(name === ['response.created', 'response.in_progress'][position], `no ${name} there: ${where}`);
    state.id ??= event['response'].id;
    check(
      event['response'].id === state.id && event['response'].output.length === 0,
      `not its own: ${where}`,
    );
    return;
  }
  const ending = ENDINGS[name];
  if (ending) {
    checkEnding(event['response'], ending, state, where);
  } else if (name === 'response.output_item.added') {
    add(event, state, where);
  } else {
    const index = event['output_index'] as number;
    const item = state.open.get(index);
    check(item !== undefined, `its item is not open: ${where}`);
    if (item) {
      checkItemEvent(name, event, item, where);
    }
    if (name === 'response.output_item.done') {
      close(event['item'], index, state, where);
    }
  }
}

function add(event: Json, state: State, where: string): void {
  const index = event['output_index'];
  const { id, type } = event['item'];
  check(index === state.output.length, `items are numbered as they come: ${where}`);
  check(
    typeof id === 'string' && !state.output.some(other => other['id'] === id),
    `no id of its own: ${where}`,
  );
  state.output.push({ id });
  state.open.set(index, { id, type, parts: new Map(), input: '', inputDone: false });
}

function checkItemEvent(name: string, event: Json, item: OpenItem, where: string): void {
  check(event['item'] !== undefined || event['item_id'] === item.id, `the id of another item: ${where}`);
  const number = event['content_index'] ?? event['summary_index'];
  const part = item.parts.get(number);
  const [, , step] = PART.exec(name) ?? DELTA.exec(name) ?? INPUT.exec(name) ?? [];
  if (PART.test(name) && step === 'added') {
    check(number === item.parts.size, `parts are numbered as they come: ${where}`);
    check(
      [...item.parts.values()].every(({ isOver }) => isOver),
      `another part is open: ${where}`,
    );
    item.parts.set(number, { text: '', isTold: false, isOver: false });
  } else if (PART.test(name)) {
    const { text, refusal } = event['part'];
    check(
      part?.isTold && !part.isOver && part.text === (text ?? refusal),
      `a part that is not its deltas: ${where}`,
    );
    Object.assign(part ?? {}, { isOver: true });
  } else if (DELTA.test(name)) {
    check(part !== undefined && !part.isTold, `its part is not open: ${where}`);
    if (step === 'delta' && part) {
      part.text += event['delta'];
    } else {
      check((event['text'] ?? event['refusal']) === part?.text, `a text that is not its deltas: ${where}`);
      Object.assign(part ?? {}, { isTold: true });
    }
  } else if (INPUT.test(name)) {
    check(!item.inputDone && item.type.endsWith('_call'), `no input there: ${where}`);
    item.input += step === 'delta' ? event['delta'] : '';
    item.inputDone = step === 'done';
    check(
      !item.inputDone || (event['arguments'] ?? event['input']) === item.input,
      `not its deltas: ${where}`,
    );
  } else {
    check(/annotation\.added$|output_item\.done$/.test(name), `an unknown event: ${where}`);
  }
}

function close(item: Json, index: number, state: State, where: string): void {
  const open = state.open.get(index);
  check(open?.id === item['id'] && open?.type === item['type'], `another item is done: ${where}`);
  check(
    [...(open?.parts.values() ?? [])].every(({ isOver }) => isOver),
    `a part is still open: ${where}`,
  );
  const texts = [...(item['content'] ?? []), ...(item['summary'] ?? [])].map(
    part => part.text ?? part.refusal,
  );
  const told = [...(open?.parts.values() ?? [])].map(({ text }) => text);
  check(
    open?.type === 'reasoning'
      ? told.length === 0 || isDeepStrictEqual(texts, told)
      : isDeepStrictEqual(texts, told) || !('content' in item),
    `not what was told: ${where}`,
  );
  const input = item['arguments'] ?? item['input'];
  // Searches of the vendor's own have an object there, and no deltas.
  check(
    typeof input !== 'string' || (input === open?.input && open?.inputDone),
    `not the input told: ${where}`,
  );
  state.open.delete(index);
  state.output[index] = item;
}

function checkEnding(response: Json, status: string, state: State, where: string): void {
  check(response['id'] === state.id, `another response ends: ${where}`);
  check(response['status'] === status, `the status is not its ending: ${where}`);
  check(status === 'failed' ? response['error'] : !response['error'], `no error to it: ${where}`);
  check(status !== 'incomplete' || response['incomplete_details']?.reason, `no reason to it: ${where}`);
  check(state.open.size === 0, `an item is still open: ${where}`);
  check(sameItems(response['output'], state.output), `not the items that were told: ${where}`);
  state.ended = true;
}

/** A whole response. @throws Error naming what is wrong with it */
export function checkResponse(body: Json): void {
  const { id, object, status, output, error, incomplete_details: reason } = body;
  const where = JSON.stringify(body).slice(0, 300);
  check(object === 'response' && typeof id === 'string' && id !== '', `no response: ${where}`);
  check(Object.values(ENDINGS).includes(status), `no ending: ${where}`);
  check(status === 'failed' ? error : !error, `no error to it: ${where}`);
  check(status !== 'incomplete' || reason?.reason, `no reason to it: ${where}`);
  const ids = (output as Json[]).map(item => item['id']);
  check(new Set(ids).size === ids.length && ids.every(each => typeof each === 'string'), `no ids: ${where}`);
  for (const { type, content, call_id, name, arguments: given, input, summary } of output as Json[]) {
    const isCall = type === 'function_call' || type === 'custom_tool_call';
    check(!isCall || (call_id && typeof name === 'string' && typeof (given ?? input) === 'string'), where);
    check(type !== 'message' || content.length > 0, `a message of nothing: ${where}`);
    check(type !== 'reasoning' || Array.isArray(summary), `no summary: ${where}`);
  }
}

/** Citations may come behind the text they support, for the last event alone to tell. */
function sameItems(output: Json[], told: readonly Json[]): boolean {
  return isDeepStrictEqual(output.map(withoutAnnotations), told.map(withoutAnnotations));
}

function withoutAnnotations({ content, ...item }: Json): Json {
  const parts = content?.map(({ annotations: _annotations, ...part }: Json) => part);
  return { ...item, ...(parts && { content: parts }) };
}

function check(holds: unknown, message: string): void {
  if (!holds) {
    throw new Error(message);
  }
}
