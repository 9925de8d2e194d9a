import OpenAI, { APIError } from 'openai';
import { costIn, type Ask, type Client, type Said, type Watch, type Way } from './client.js';
import { describeMatrix } from './describe-matrix.js';
import { openAiErrors } from './openai-errors.js';

type Response = OpenAI.Responses.Response;
type Items = OpenAI.Responses.ResponseInputItem[];
type Params = Omit<OpenAI.Responses.ResponseCreateParamsNonStreaming, 'stream'>;

class ResponsesClient implements Client<Items> {
  constructor(private readonly sdk: OpenAI) {}

  async ask(ask: Ask<Items>, way: Way, { signal, onText }: Watch = {}): Promise<Said<Items>> {
    const params = paramsOf(ask);
    if (way === 'whole') {
      return said(await this.sdk.responses.create(params, { signal }));
    }
    const stream = this.sdk.responses.stream(params, { signal });
    stream.on('response.output_text.delta', ({ delta }) => onText?.(delta));
    return said(await stream.finalResponse());
  }
}

function paramsOf(ask: Ask<Items>): Params {
  const { model, system, tools, schema, reasoning, stop, maxTokens } = ask;
  return {
    model,
    input: inputOf(ask),
    store: false,
    ...(system !== undefined && { instructions: system }),
    ...(tools && {
      tools: tools.map(({ name, schema: parameters }) => ({
        type: 'function' as const,
        name,
        parameters,
        strict: false,
      })),
    }),
    ...(schema && { text: { format: { type: 'json_schema', name: 'person', strict: true, schema } } }),
    ...(reasoning && {
      reasoning: { effort: 'high', summary: 'auto' },
      include: ['reasoning.encrypted_content'],
    }),
    ...(stop && { stop }),
    ...(maxTokens !== undefined && { max_output_tokens: maxTokens }),
  };
}

function inputOf({ text, image, pdf, rounds = [] }: Ask<Items>): Items {
  const content: OpenAI.Responses.ResponseInputContent[] = [{ type: 'input_text', text }];
  if (image) {
    content.push({ type: 'input_image', detail: 'auto', image_url: `data:image/png;base64,${image}` });
  }
  if (pdf) {
    content.push({ type: 'input_file', filename: 'a.pdf', file_data: `data:application/pdf;base64,${pdf}` });
  }
  const later = rounds.flatMap(({ said, results = [], next }): Items => [
    ...said.turn,
    ...results.map((output, index) => ({
      type: 'function_call_output' as const,
      call_id: said.calls[index]?.id ?? '',
      output,
    })),
    ...(next === undefined ? [] : [{ role: 'user' as const, content: next }]),
  ]);
  return [{ role: 'user', content }, ...later];
}

function said({ output, output_text, status, incomplete_details, usage }: Response): Said<Items> {
  const parts = output.flatMap(item => (item.type === 'message' ? item.content : []));
  const calls = output.filter(item => item.type === 'function_call');
  return {
    text: output_text,
    reasoning: output
      .flatMap(item => (item.type === 'reasoning' ? item.summary : []))
      .map(({ text }) => text)
      .join(''),
    calls: calls.map(({ call_id, name, arguments: args }) => ({
      id: call_id,
      name,
      args: JSON.parse(args) as unknown,
    })),
    finish: [status, incomplete_details?.reason, calls.length > 0 && 'calls'].filter(Boolean).join(' '),
    refused: parts.some(({ type }) => type === 'refusal') || incomplete_details?.reason === 'content_filter',
    usage: {
      input: usage?.input_tokens ?? 0,
      output: usage?.output_tokens ?? 0,
      reasoning: usage?.output_tokens_details.reasoning_tokens ?? 0,
      cost: costIn(usage),
    },
    turn: output as Items,
  };
}

describeMatrix({
  name: 'OpenAI SDK, Responses',
  words: {
    finish: {
      end: 'completed',
      stop: 'completed',
      length: 'incomplete max_output_tokens',
      calls: 'completed calls',
    },
    reasoningAtOpenAi: /"encrypted_content":"[^"]{8,}"/,
    overloaded: 503,
    errorClass: openAiErrors,
    retryAfter: error => (error as APIError).headers?.get('retry-after') ?? undefined,
    fields: {
      schema: 'text.format',
      image: 'input.content.input_image',
      pdf: 'input.content.input_file',
      pdfName: 'input.content.filename',
      stop: null,
    },
  },
  connect: ({ url }, apiKey) =>
    new ResponsesClient(new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 0 })),
});
