type Wire = Readonly<Record<string, unknown>>;

interface State {
  started: boolean;
  next: number;
  open: { readonly type: string; json: string; signed: boolean } | null;
  delta: boolean;
}

/** Which deltas a block takes. */
const DELTAS: Readonly<Record<string, readonly string[]>> = {
  text: ['text_delta', 'citations_delta'],
  thinking: ['thinking_delta', 'signature_delta'],
  tool_use: ['input_json_delta'],
  server_tool_use: ['input_json_delta'],
  mcp_tool_use: ['input_json_delta'],
};
const REASONS = new Set([
  'end_turn',
  'max_tokens',
  'stop_sequence',
  'tool_use',
  'pause_turn',
  'refusal',
  'model_context_window_exceeded',
]);

/**
 * The grammar of Anthropic's streams as its SDKs rely on it: named events only; `message_start` first; blocks numbered
 * from 0, one open at a time, each opened and closed once and given only deltas of its kind; one `message_delta` with a
 * reason behind all blocks; then `message_stop`, or an error at any time, which nothing follows.
 *
 * @throws Error naming the event that breaks it
 */
export function checkMessagesStream(sseText: string): void {
  check(sseText.endsWith('\n\n'), 'the text ends inside an event');
  check(!/[\u2028\u2029]/.test(sseText), 'a raw line separator');
  const blocks = sseText
    .slice(0, -2)
    .split('\n\n')
    .filter(block => !block.startsWith(':'));
  const state: State = { started: false, next: 0, open: null, delta: false };
  blocks.forEach((block, position) => {
    const [, name, data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
    check(name !== undefined, `event ${position} has no name or no data: ${block}`);
    const event = JSON.parse(data) as Wire;
    check(event['type'] === name, `its name is not its type: ${block}`);
    const isLast = position === blocks.length - 1;
    check(
      (name === 'message_stop' || name === 'error') === isLast,
      `only message_stop or an error ends a stream: ${block}`,
    );
    step(state, name ?? '', event, block);
  });
}

function step(state: State, name: string, event: Wire, where: string): void {
  check(
    (name === 'message_start') !== state.started || name === 'error',
    `the message starts once: ${where}`,
  );
  check(!state.delta || !name.startsWith('content_block'), `a block behind the message_delta: ${where}`);
  switch (name) {
    case 'message_start':
      state.started = true;
      checkHead(event['message'] as Wire, where);
      break;
    case 'content_block_start':
      check(state.open === null && event['index'] === state.next, `its block is not the next one: ${where}`);
      state.open = openBlock(event['content_block'] as Wire, where);
      break;
    case 'content_block_delta':
      check(event['index'] === state.next, `its block is not open: ${where}`);
      addDelta(state, event['delta'] as Wire, where);
      break;
    case 'content_block_stop':
      check(state.open !== null && event['index'] === state.next, `its block is not open: ${where}`);
      closeBlock(state, where);
      break;
    case 'message_delta':
      check(state.open === null && !state.delta, `a block is open, or it is the second: ${where}`);
      state.delta = true;
      checkEnding(event, where);
      break;
    case 'message_stop':
      check(state.delta, `no message_delta before it: ${where}`);
      break;
    case 'error':
      checkError(event, where);
      break;
    default:
      check(name === 'ping', `an unknown event: ${where}`);
  }
}

function checkHead(message: Wire, where: string): void {
  const usage = message['usage'] as Wire | undefined;
  check(message['type'] === 'message' && message['role'] === 'assistant', `no message: ${where}`);
  check(typeof message['id'] === 'string' && message['id'] !== '', `no id: ${where}`);
  check(typeof message['model'] === 'string' && message['model'] !== '', `no model: ${where}`);
  check(Array.isArray(message['content']) && message['content'].length === 0, `content too early: ${where}`);
  check(message['stop_reason'] === null, `a reason too early: ${where}`);
  check(typeof usage?.['input_tokens'] === 'number', `no usage: ${where}`);
}

function openBlock(block: Wire, where: string): State['open'] {
  const { type } = block;
  check(typeof type === 'string', `a block without a type: ${where}`);
  if (type === 'tool_use') {
    check(/^[\w-]+$/.test(String(block['id'])) && typeof block['name'] === 'string', `no call: ${where}`);
    check(JSON.stringify(block['input']) === '{}', `input too early: ${where}`);
  }
  return {
    type: String(type),
    json: '',
    signed: typeof block['signature'] === 'string' && block['signature'] !== '',
  };
}

function addDelta({ open }: State, delta: Wire, where: string): void {
  const type = String(delta['type']);
  check(open !== null && (DELTAS[open.type]?.includes(type) ?? false), `no delta of its block: ${where}`);
  if (!open) {
    return;
  }
  check(!open.signed, `more behind the signature: ${where}`);
  open.signed = type === 'signature_delta';
  open.json += type === 'input_json_delta' ? String(delta['partial_json']) : '';
}

function closeBlock(state: State, where: string): void {
  const { open } = state;
  if (open?.type === 'tool_use' && open.json !== '') {
    check(JSON.parse(open.json) instanceof Object, `the input is no object: ${where}`);
  }
  check(open?.type !== 'thinking' || open.signed, `thinking without a signature: ${where}`);
  state.open = null;
  state.next++;
}

function checkEnding(event: Wire, where: string): void {
  const { stop_reason } = event['delta'] as Wire;
  check(REASONS.has(String(stop_reason)), `an unknown reason: ${where}`);
  check(typeof (event['usage'] as Wire | undefined)?.['output_tokens'] === 'number', `no usage: ${where}`);
}

function checkError(event: Wire, where: string): void {
  const error = event['error'] as Wire | undefined;
  check(
    typeof error?.['type'] === 'string' && typeof error['message'] === 'string',
    `an error without type or message: ${where}`,
  );
}

/** A whole message. @throws Error naming what is wrong with it */
export function checkMessage(body: Wire): void {
  const { content } = body;
  check(Array.isArray(content), 'no content');
  checkHead({ ...body, content: [], stop_reason: null }, 'a message');
  check(REASONS.has(String(body['stop_reason'])), `an unknown reason: ${String(body['stop_reason'])}`);
  for (const block of content as readonly Wire[]) {
    const where = JSON.stringify(block);
    check(typeof block['type'] === 'string', `a block without a type: ${where}`);
    if (block['type'] === 'tool_use') {
      check(block['input'] instanceof Object && !Array.isArray(block['input']), `no object: ${where}`);
      check(/^[\w-]+$/.test(String(block['id'])), `no id: ${where}`);
    }
    check(block['type'] !== 'thinking' || Boolean(block['signature']), `no signature: ${where}`);
  }
}

function check(holds: boolean, message: string): void {
  if (!holds) {
    throw new Error(message);
  }
}
