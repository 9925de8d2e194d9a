import OpenAI, { APIError } from 'openai';
import { costIn, type Ask, type Client, type Said, type Watch, type Way } from './client.js';
import { describeMatrix } from './describe-matrix.js';
import { openAiErrors } from './openai-errors.js';

type Message = OpenAI.Chat.ChatCompletionMessageParam;
type Completion = OpenAI.Chat.ChatCompletion;
/** What compatible vendors add to a message, and want back. */
interface Reasoned {
  reasoning_content?: string;
}

class ChatClient implements Client<Message> {
  constructor(private readonly sdk: OpenAI) {}

  async ask(ask: Ask<Message>, way: Way, watch: Watch = {}): Promise<Said<Message>> {
    const params = paramsOf(ask);
    if (way === 'whole') {
      return said(await this.sdk.chat.completions.create(params, { signal: watch.signal }));
    }
    const asked = { ...params, stream_options: { include_usage: true } };
    const stream = this.sdk.chat.completions.stream(asked, { signal: watch.signal });
    let reasoning = '';
    stream.on('chunk', ({ choices: [choice] }) => {
      reasoning += (choice?.delta as Reasoned | undefined)?.reasoning_content ?? '';
    });
    stream.on('content', piece => watch.onText?.(piece));
    return said(await stream.finalChatCompletion(), reasoning);
  }
}

function paramsOf(ask: Ask<Message>): Omit<OpenAI.Chat.ChatCompletionCreateParamsNonStreaming, 'stream'> {
  const { model, tools, schema, reasoning, stop, maxTokens } = ask;
  return {
    model,
    messages: messagesOf(ask),
    ...(tools && {
      tools: tools.map(({ name, schema: parameters }) => ({
        type: 'function',
        function: { name, parameters },
      })),
    }),
    ...(schema && {
      response_format: { type: 'json_schema', json_schema: { name: 'person', strict: true, schema } },
    }),
    ...(reasoning && { reasoning_effort: 'high' }),
    ...(stop && { stop: [...stop] }),
    ...(maxTokens !== undefined && { max_completion_tokens: maxTokens }),
  };
}

function messagesOf({ text, system, image, pdf, rounds = [] }: Ask<Message>): Message[] {
  const parts: OpenAI.Chat.ChatCompletionContentPart[] = [{ type: 'text', text }];
  if (image) {
    parts.push({ type: 'image_url', image_url: { url: `data:image/png;base64,${image}` } });
  }
  if (pdf) {
    parts.push({
      type: 'file',
      file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${pdf}` },
    });
  }
  const later = rounds.flatMap(({ said, results = [], next }): Message[] => [
    said.turn,
    ...results.map((content, index) => ({
      role: 'tool' as const,
      tool_call_id: said.calls[index]?.id ?? '',
      content,
    })),
    ...(next === undefined ? [] : [{ role: 'user' as const, content: next }]),
  ]);
  return [
    ...(system === undefined ? [] : [{ role: 'developer' as const, content: system }]),
    { role: 'user', content: parts.length === 1 ? text : parts },
    ...later,
  ];
}

function said({ choices: [choice], usage }: Completion, streamedReasoning?: string): Said<Message> {
  const message = choice?.message ?? { role: 'assistant', content: null, refusal: null };
  const reasoning = streamedReasoning ?? (message as Reasoned).reasoning_content ?? '';
  return {
    text: message.content ?? '',
    reasoning,
    calls: (message.tool_calls ?? []).flatMap(call =>
      call.type === 'function'
        ? { id: call.id, name: call.function.name, args: JSON.parse(call.function.arguments) as unknown }
        : [],
    ),
    finish: choice?.finish_reason ?? '',
    refused: Boolean(message.refusal) || choice?.finish_reason === 'content_filter',
    usage: {
      input: usage?.prompt_tokens ?? 0,
      output: usage?.completion_tokens ?? 0,
      reasoning: usage?.completion_tokens_details?.reasoning_tokens ?? 0,
      cost: costIn(usage),
    },
    turn: { ...message, ...(reasoning !== '' && { reasoning_content: reasoning }) },
  };
}

describeMatrix({
  name: 'OpenAI SDK, chat',
  words: {
    finish: { end: 'stop', stop: 'stop', length: 'length', calls: 'tool_calls' },
    overloaded: 503,
    errorClass: openAiErrors,
    retryAfter: error => (error as APIError).headers?.get('retry-after') ?? undefined,
    fields: {
      schema: 'response_format',
      image: 'messages.content.image_url',
      pdf: 'messages.content.file',
      pdfName: 'messages.content.file.filename',
      stop: 'stop',
    },
  },
  connect: ({ url }, apiKey) => new ChatClient(new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 0 })),
});
