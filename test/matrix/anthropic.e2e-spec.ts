import Anthropic, {
  APIError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
} from '@anthropic-ai/sdk';
import { costIn, type Ask, type Client, type Said, type Watch, type Way, type Words } from './client.js';
import { describeMatrix } from './describe-matrix.js';

type Message = Anthropic.MessageParam;
type Block = Anthropic.ContentBlockParam;

class MessagesClient implements Client<Message> {
  constructor(private readonly sdk: Anthropic) {}

  async ask(ask: Ask<Message>, way: Way, { signal, onText }: Watch = {}): Promise<Said<Message>> {
    const params = paramsOf(ask);
    if (way === 'whole') {
      const message = await this.sdk.messages.create(params, { signal });
      return said(message, costIn(message.usage));
    }
    const stream = this.sdk.messages.stream(params, { signal });
    stream.on('text', piece => onText?.(piece));
    // What it puts together has only the members that it knows; the event has them all.
    let cost: number | undefined;
    stream.on('streamEvent', event => (cost = event.type === 'message_delta' ? costIn(event.usage) : cost));
    return said(await stream.finalMessage(), cost);
  }
}

function paramsOf(ask: Ask<Message>): Anthropic.MessageCreateParamsNonStreaming {
  const { model, system, tools, schema, reasoning, stop, maxTokens = 4000 } = ask;
  return {
    model,
    max_tokens: maxTokens,
    messages: messagesOf(ask),
    ...(system !== undefined && { system }),
    ...(tools && {
      tools: tools.map(({ name, schema: parameters }) => ({
        name,
        input_schema: { type: 'object', ...parameters },
      })),
    }),
    ...(schema && { output_config: { format: { type: 'json_schema', schema } } }),
    ...(reasoning && {
      thinking: { type: 'adaptive', display: 'summarized' },
      output_config: { effort: 'high' },
    }),
    ...(stop && { stop_sequences: [...stop] }),
  };
}

function messagesOf({ text, image, pdf, rounds = [] }: Ask<Message>): Message[] {
  const content: Block[] = [{ type: 'text', text }];
  if (image) {
    content.push({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: image } });
  }
  if (pdf) {
    content.push({ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: pdf } });
  }
  const later = rounds.flatMap(({ said, results = [], next }): Message[] => [
    said.turn,
    {
      role: 'user',
      content: [
        ...results.map((result, index) => ({
          type: 'tool_result' as const,
          tool_use_id: said.calls[index]?.id ?? '',
          content: result,
        })),
        ...(next === undefined ? [] : [{ type: 'text' as const, text: next }]),
      ],
    },
  ]);
  return [{ role: 'user', content }, ...later];
}

function said({ content, stop_reason, usage }: Anthropic.Message, cost: number | undefined): Said<Message> {
  const { cache_read_input_tokens: read, cache_creation_input_tokens: written } = usage;
  return {
    text: content.map(block => (block.type === 'text' ? block.text : '')).join(''),
    reasoning: content.map(block => (block.type === 'thinking' ? block.thinking : '')).join(''),
    calls: content.flatMap(block =>
      block.type === 'tool_use' ? { id: block.id, name: block.name, args: block.input } : [],
    ),
    finish: stop_reason ?? '',
    refused: stop_reason === 'refusal',
    usage: {
      input: usage.input_tokens + (read ?? 0) + (written ?? 0),
      output: usage.output_tokens,
      reasoning: usage.output_tokens_details?.thinking_tokens ?? 0,
      cost,
    },
    turn: { role: 'assistant', content },
  };
}

const CLASSES: Readonly<Record<number, ReturnType<Words['errorClass']>>> = {
  400: BadRequestError,
  401: AuthenticationError,
  404: NotFoundError,
  429: RateLimitError,
};

describeMatrix({
  name: 'Anthropic SDK',
  words: {
    finish: { end: 'end_turn', stop: 'stop_sequence', length: 'max_tokens', calls: 'tool_use' },
    overloaded: 529,
    errorClass: status => CLASSES[status] ?? (status >= 500 ? InternalServerError : APIError),
    retryAfter: error => (error as APIError).headers?.get('retry-after') ?? undefined,
    fields: {
      schema: 'output_config.format',
      image: 'messages.content.image',
      pdf: 'messages.content.document',
      pdfName: null,
      stop: 'stop_sequences',
    },
  },
  connect: ({ url }, apiKey) => new MessagesClient(new Anthropic({ apiKey, baseURL: url, maxRetries: 0 })),
});
