import type { Answer, ChatDialect, ChatRequest, Frame } from '../chat-dialect.js';
import type { JsonObject } from '../json.js';
import { asList, asObject, asText } from '../json.js';
import { Refusal } from '../refusal.js';
import { type Accent, ACCENTS, errorBodyOf, understand } from './accents.js';
import { checkAccent } from './check-accent.js';
import { checkKey } from './check-request.js';
import { openAiChat } from './dialect.js';
import { type ReadFrame, wholeCalls } from './whole-calls.js';

/** Chat Completions as this vendor speaks them. */
export function chatOf(vendor = openAiChat.vendor): ChatDialect {
  const accent = ACCENTS[vendor];
  return accent ? accented(accent) : openAiChat;
}

function accented(accent: Accent): ChatDialect {
  return {
    ...openAiChat,
    check: request => {
      checkKey(request.headers);
      checkAccent(accent, request.body);
      openAiChat.check(inOpenAiWords(request));
    },
    readPrompt: request => openAiChat.readPrompt(inOpenAiWords(request)),
    whole: answer => wholeAnswer(accent, asObject(openAiChat.whole(answer))),
    frames: answer => frames(accent, answer),
    errorBody: refusal => errorBodyOf(accent, refusal),
    errorFrame: () =>
      `${accent.errorEvent ?? ''}${event(asObject(errorBodyOf(accent, new Refusal(503, OVERLOADED))))}`,
  };
}

const OVERLOADED = 'The server had an error while processing your request.';

function inOpenAiWords(request: ChatRequest): ChatRequest {
  return { ...request, body: understand(request.body) };
}

function wholeAnswer(accent: Accent, completion: JsonObject): JsonObject {
  return {
    ...completion,
    choices: asList(completion.choices).map(choice => {
      const { message, ...rest } = asObject(choice);
      return { ...rest, message: said(accent, asObject(message)) };
    }),
    ...(completion.usage && { usage: usageOf(accent, completion.usage) }),
  };
}

/** One event at a time; those at the end together, for a usage that comes first. */
function* frames(accent: Accent, answer: Answer): Iterable<Frame> {
  const ending: JsonObject[] = [];
  const read = readFrames(accent, answer);
  for (const { frame, chunk } of accent.wholeCalls ? wholeCalls(read) : read) {
    if (frame.ending) {
      ending.push(chunk);
    } else {
      yield { ...frame, data: event(delta(accent, chunk)) };
    }
  }
  for (const chunk of endOf(accent, ending)) {
    yield { data: event(chunk), ending: true };
  }
  yield { data: DONE, ending: true };
}

/** OpenAI's chunks, with the usage that this vendor tells. */
function* readFrames({ streamedUsage }: Accent, answer: Answer): Iterable<ReadFrame> {
  const { body } = answer.request;
  const include_usage = streamedUsage !== undefined || asObject(body.stream_options).include_usage === true;
  const stream_options = { include_usage, include_obfuscation: false };
  const request = { ...answer.request, body: { ...body, stream_options } };
  for (const frame of openAiChat.frames({ ...answer, request })) {
    if (frame.data !== DONE) {
      yield { frame, chunk: asObject(JSON.parse(frame.data.slice('data: '.length))) };
    }
  }
}

/** What finishes the choices, and the usage where this vendor has it. */
function endOf(accent: Accent, ending: readonly JsonObject[]): readonly JsonObject[] {
  const told = ending.find(({ usage }) => usage != null);
  if (!told) {
    return ending;
  }
  const usage = usageOf(accent, told.usage);
  const finishes = ending.filter(chunk => chunk !== told);
  switch (accent.streamedUsage) {
    case 'in-finish':
      return finishes.map(chunk => ({ ...chunk, usage }));
    case 'x_groq':
      return [...finishes.map(chunk => ({ ...chunk, x_groq: { usage } })), { ...told, usage }];
    default:
      return [...finishes, { ...told, usage }];
  }
}

const DONE = 'data: [DONE]\n\n';
const event = (chunk: JsonObject): string => `data: ${JSON.stringify(chunk)}\n\n`;

function delta(accent: Accent, chunk: JsonObject): JsonObject {
  const choices = asList(chunk.choices).map(choice => {
    const { delta, finish_reason, ...rest } = asObject(choice);
    return {
      ...rest,
      delta: said(accent, asObject(delta)),
      ...(!accent.leavesOutFinish && { finish_reason }),
    };
  });
  return { ...chunk, choices };
}

/** A message, or a piece of one. Nobody but OpenAI has a field for a refusal: it is text like any other. */
function said(accent: Accent, message: JsonObject): JsonObject {
  const { reasoning_content, refusal, annotations: _, content, tool_calls, ...rest } = message;
  const text = typeof refusal === 'string' ? refusal : content;
  const calls = tool_calls && asList(tool_calls).map(call => renamed(accent, asObject(call)));
  if (accent.reasoning === 'thinking') {
    const thought = asText(reasoning_content);
    return { ...rest, content: withThought(thought, text), ...(calls && { tool_calls: calls }) };
  }
  return {
    ...rest,
    ...(text != null && { content: text }),
    ...(reasoning_content !== undefined && { [accent.reasoning]: reasoning_content }),
    ...(calls && { tool_calls: calls }),
  };
}

function withThought(thought: string, text: JsonObject[string]): JsonObject[string] {
  if (thought === '') {
    return text ?? '';
  }
  const thinking = { type: 'thinking', thinking: [{ type: 'text', text: thought }] };
  return asText(text) === '' ? [thinking] : [thinking, { type: 'text', text }];
}

function renamed({ callId }: Accent, call: JsonObject): JsonObject {
  if (!callId) {
    return call;
  }
  const { index: _, type: __, ...rest } = call;
  return { ...rest, id: callId.of(asText(call.id)) };
}

function usageOf({ usage: own }: Accent, usage: JsonObject[string]): JsonObject {
  return own ? own(asObject(usage)) : asObject(usage);
}
