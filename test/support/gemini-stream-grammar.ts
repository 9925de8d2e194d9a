interface Candidate {
  readonly index?: unknown;
  readonly content?: { readonly role?: unknown; readonly parts?: readonly Record<string, unknown>[] };
  readonly finishReason?: unknown;
}

interface Chunk {
  readonly candidates?: readonly Candidate[];
  readonly promptFeedback?: { readonly blockReason?: unknown };
  readonly usageMetadata?: Record<string, unknown>;
  readonly modelVersion?: unknown;
  readonly responseId?: unknown;
  readonly error?: { readonly code?: unknown; readonly message?: unknown; readonly status?: unknown };
}

const REASONS = new Set([
  'STOP',
  'MAX_TOKENS',
  'SAFETY',
  'RECITATION',
  'LANGUAGE',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'MODEL_ARMOR',
  'IMAGE_SAFETY',
  'IMAGE_PROHIBITED_CONTENT',
  'IMAGE_RECITATION',
  'IMAGE_OTHER',
  'OTHER',
  'MALFORMED_FUNCTION_CALL',
  'UNEXPECTED_TOOL_CALL',
  'TOO_MANY_TOOL_CALLS',
  'MALFORMED_RESPONSE',
  'CONTINUATION',
]);
const DATA = [
  'text',
  'inlineData',
  'fileData',
  'functionCall',
  'executableCode',
  'codeExecutionResult',
  'toolCall',
  'toolResponse',
];

/**
 * The grammar of Google's streams as its SDKs rely on it: `data:` events of one line ended by CR LF, each a response with
 * one id and model throughout; contents of the model whose parts hold one thing each, calls whole; a finish as the last
 * of each candidate, or a block in the place of all; and at the end either everything has finished, or an error with a
 * status, which nothing follows.
 *
 * @throws Error naming the event that breaks it
 */
export function checkGeminiStream(sseText: string): void {
  check(sseText.endsWith('\r\n\r\n'), 'the text ends inside an event');
  check(!/[\u2028\u2029]/.test(sseText), 'a raw line separator');
  const events = sseText.slice(0, -4).split('\r\n\r\n');
  checkGeminiResponses(
    events.map((event, position) => {
      check(/^data: [^\r\n]+$/.test(event), `event ${position} is not one data line: ${event}`);
      return JSON.parse(event.slice('data: '.length)) as unknown;
    }),
  );
}

/** The same of responses: of the elements of an array, or of one whole answer alone. */
export function checkGeminiResponses(responses: readonly unknown[]): void {
  const state = { head: '', open: new Set<number>(), finished: new Set<number>(), blocked: false };
  responses.forEach((response, position) => {
    const chunk = response as Chunk;
    const where = `response ${position}: ${JSON.stringify(response)}`;
    check(!state.blocked, `something behind a block: ${where}`);
    if (chunk.error) {
      check(position === responses.length - 1, `something behind an error: ${where}`);
      checkError(chunk.error, where);
      return;
    }
    const head = JSON.stringify([chunk.modelVersion, chunk.responseId]);
    state.head ||= head;
    check(head === state.head, `another id or model: ${where}`);
    check(isName(chunk.modelVersion) && isName(chunk.responseId), `no id or model: ${where}`);
    if (chunk.usageMetadata) {
      checkUsage(chunk.usageMetadata, where);
    }
    if (chunk.promptFeedback) {
      check(typeof chunk.promptFeedback.blockReason === 'string', `a block without a reason: ${where}`);
      check(!chunk.candidates && state.open.size + state.finished.size === 0, `a block too late: ${where}`);
      state.blocked = true;
      return;
    }
    check((chunk.candidates ?? []).length > 0, `nothing in it: ${where}`);
    for (const candidate of chunk.candidates ?? []) {
      checkCandidate(candidate, state, where);
    }
  });
  const failed = (responses.at(-1) as Chunk | undefined)?.error !== undefined;
  const ended = state.blocked || (state.finished.size > 0 && state.open.size === 0);
  check(failed !== ended, 'the stream ends without a finish and without an error, or with both');
}

function checkCandidate(
  { index, content, finishReason }: Candidate,
  state: { open: Set<number>; finished: Set<number> },
  where: string,
): void {
  check(typeof index === 'number', `a candidate without a number: ${where}`);
  const number = index as number;
  check(!state.finished.has(number), `content after the finish: ${where}`);
  check(content?.role === 'model', `a content that is not the model's: ${where}`);
  const { parts = [] } = content ?? {};
  check(parts.length > 0, `no parts: ${where}`);
  parts.forEach(part => checkPart(part, where));
  state.open.add(number);
  if (finishReason !== undefined) {
    check(REASONS.has(finishReason as string), `an unknown finish: ${where}`);
    state.open.delete(number);
    state.finished.add(number);
  }
}

function checkPart(part: Record<string, unknown>, where: string): void {
  const data = DATA.filter(name => part[name] !== undefined);
  check(data.length === 1, `a part of not one thing: ${where}`);
  check(part['text'] === undefined || typeof part['text'] === 'string', `a text that is none: ${where}`);
  const { thoughtSignature: signature, functionCall: call } = part;
  check(signature === undefined || isBase64(signature), `a signature that is no base64: ${where}`);
  if (call !== undefined) {
    const { name, args } = call as Record<string, unknown>;
    check(isName(name), `a call without a name: ${where}`);
    check(typeof args === 'object' && args !== null && !Array.isArray(args), `no arguments: ${where}`);
  }
}

function checkUsage(usage: Record<string, unknown>, where: string): void {
  for (const name of ['promptTokenCount', 'candidatesTokenCount', 'totalTokenCount']) {
    check(Number.isInteger(usage[name]) && Number(usage[name]) >= 0, `no ${name}: ${where}`);
  }
}

function checkError({ code, message, status }: NonNullable<Chunk['error']>, where: string): void {
  check(Number(code) >= 400 && Number(code) <= 599, `an error that the SDK does not see: ${where}`);
  check(isName(message) && isName(status), `an error without words: ${where}`);
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

/** Other languages' SDKs decode it. */
function isBase64(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && /^[A-Za-z0-9+/]*={0,2}$/.test(value);
}

function check(holds: boolean, message: string): void {
  if (!holds) {
    throw new Error(message);
  }
}
