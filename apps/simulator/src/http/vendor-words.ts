import type { OutgoingHttpHeaders } from 'node:http';
import type { RequestLimits } from '../faults.js';
import { Refusal, type RefusalDetails } from '../refusal.js';
import type { Exchange } from './exchange.js';

/** In whose words a vendor refuses a prompt and tells its limits. Other vendors do as OpenAI. */
export type Words = 'openai' | 'responses' | 'azure' | 'anthropic' | 'gemini' | 'gemini-events';

/** Requests that a key has for a minute. */
const LIMIT = 60;

/** The address tells. */
export function wordsOf({ url }: Pick<Exchange, 'url'>, vendor: string): Words {
  const { pathname, searchParams } = url;
  if (/:(streamGenerateContent|generateContent|\w*[eE]mbedContents?|countTokens)$/.test(pathname)) {
    return searchParams.get('alt') === 'sse' ? 'gemini-events' : 'gemini';
  }
  if (/\/messages$|:(streamR|r)awPredict$/.test(pathname)) {
    return 'anthropic';
  }
  if (vendor === 'azure-openai') {
    return 'azure';
  }
  return pathname.endsWith('/responses') ? 'responses' : 'openai';
}

/** https://platform.openai.com/docs/guides/rate-limits, https://docs.claude.com/en/api/rate-limits. Gemini tells none. */
export function limitHeaders(
  words: Words,
  limits: RequestLimits | undefined,
  now: number,
): OutgoingHttpHeaders {
  if (!limits || words === 'gemini' || words === 'gemini-events') {
    return {};
  }
  const { remaining, resetMs } = limits;
  return words === 'anthropic'
    ? {
        'anthropic-ratelimit-requests-limit': LIMIT,
        'anthropic-ratelimit-requests-remaining': remaining,
        'anthropic-ratelimit-requests-reset': new Date(now + resetMs).toISOString(),
      }
    : {
        'x-ratelimit-limit-requests': LIMIT,
        'x-ratelimit-remaining-requests': remaining,
        'x-ratelimit-reset-requests': resetMs < 1000 ? `${resetMs}ms` : `${resetMs / 1000}s`,
      };
}

/** @param why it is longer than the model's context, or against the content policy */
export function refusedPrompt(words: Words, why: 'context' | 'policy'): Refusal {
  const [message, details, status = 400] = REFUSALS[words][why];
  return new Refusal(status, message, details);
}

type Refused = readonly [message: string, details?: RefusalDetails, status?: number];

const OPENAI: Readonly<Record<'context' | 'policy', Refused>> = {
  context: [
    "This model's maximum context length is 128000 tokens. However, your messages resulted in 128001 tokens. Please reduce the length of the messages.",
    { param: 'messages', code: 'context_length_exceeded' },
  ],
  policy: [
    'Invalid prompt: your prompt was flagged as potentially violating our usage policy. Please try again with a different prompt.',
    { code: 'invalid_prompt' },
  ],
};

const GEMINI_CONTEXT: Refused = [
  'The input token count (1048577) exceeds the maximum number of tokens allowed (1048576).',
];

/** Gemini has no error for it: the prompt is answered by nobody. https://ai.google.dev/api/generate-content#PromptFeedback */
const BLOCKED = JSON.stringify({
  promptFeedback: { blockReason: 'PROHIBITED_CONTENT' },
  usageMetadata: { promptTokenCount: 4, totalTokenCount: 4 },
  modelVersion: 'gemini-simulated',
});

const FILTERED =
  "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your prompt and retry. To learn more about our content filtering policies please read our documentation: https://go.microsoft.com/fwlink/?linkid=2198766";

/** https://learn.microsoft.com/azure/ai-foundry/openai/concepts/content-filter */
const AZURE_FILTERED = JSON.stringify({
  error: {
    message: FILTERED,
    type: null,
    param: 'prompt',
    code: 'content_filter',
    status: 400,
    innererror: {
      code: 'ResponsibleAIPolicyViolation',
      content_filter_result: {
        hate: { filtered: false, severity: 'safe' },
        jailbreak: { filtered: false, detected: false },
        self_harm: { filtered: false, severity: 'safe' },
        sexual: { filtered: false, severity: 'safe' },
        violence: { filtered: true, severity: 'medium' },
      },
    },
  },
});

const REFUSALS: Readonly<Record<Words, Readonly<Record<'context' | 'policy', Refused>>>> = {
  openai: OPENAI,
  responses: {
    ...OPENAI,
    context: [
      'Your input exceeds the context window of this model. Please adjust your input and try again.',
      { param: 'input', code: 'context_length_exceeded' },
    ],
  },
  azure: {
    ...OPENAI,
    policy: [FILTERED, { whole: { contentType: 'application/json', text: AZURE_FILTERED } }],
  },
  anthropic: {
    context: ['prompt is too long: 200001 tokens > 200000 maximum'],
    policy: ['Output blocked by content filtering policy'],
  },
  gemini: {
    context: GEMINI_CONTEXT,
    policy: ['', { whole: { contentType: 'application/json', text: BLOCKED } }, 200],
  },
  'gemini-events': {
    context: GEMINI_CONTEXT,
    policy: ['', { whole: { contentType: 'text/event-stream', text: `data: ${BLOCKED}\r\n\r\n` } }, 200],
  },
};
