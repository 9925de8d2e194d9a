/** One column of the matrix. */
export interface Column {
  readonly vendor: string;
  readonly model: string;
  /** A model that reasons when asked to. */
  readonly thinker: string;
  /** What it documentedly cannot do with that model. */
  readonly lacks: readonly (
    'schema' | 'image' | 'pdf' | 'pdf-name' | 'stop' | 'refusal' | 'reasoning-count'
  )[];
  /** How reasoning of earlier turns stands in what the vendor is sent; undefined: that depends on the SDK. */
  readonly reasoningBack: RegExp | undefined;
}

export const COLUMNS: readonly Column[] = [
  {
    vendor: 'openai',
    model: 'gpt-4.1-mini',
    thinker: 'gpt-5-mini',
    lacks: [],
    reasoningBack: undefined,
  },
  {
    vendor: 'anthropic',
    model: 'claude-sonnet-5',
    thinker: 'claude-sonnet-5',
    lacks: [],
    reasoningBack: /"type":"thinking","thinking":"Think[^"]*","signature":"[^"]{8,}"/,
  },
  {
    vendor: 'google',
    model: 'gemini-3-pro-preview',
    thinker: 'gemini-3-pro-preview',
    lacks: ['pdf-name'],
    reasoningBack: /"thoughtSignature":"(?!skip_)[^"]{8,}"/,
  },
  {
    vendor: 'groq',
    model: 'meta-llama/llama-4-maverick-17b-128e-instruct',
    thinker: 'openai/gpt-oss-120b',
    lacks: ['pdf', 'refusal'],
    reasoningBack: /"reasoning":"Think/,
  },
  {
    vendor: 'deepseek',
    model: 'deepseek-v4-pro',
    thinker: 'deepseek-v4-pro',
    lacks: ['schema', 'image', 'pdf', 'refusal'],
    reasoningBack: /"reasoning_content":"Think/,
  },
  {
    vendor: 'xai',
    model: 'grok-4',
    thinker: 'grok-3-mini',
    lacks: ['pdf', 'stop', 'refusal'],
    reasoningBack: /"reasoning_content":"Think/,
  },
  {
    vendor: 'mistral',
    model: 'mistral-medium-latest',
    thinker: 'mistral-small-latest',
    lacks: ['refusal', 'reasoning-count'],
    reasoningBack: /"type":"thinking","thinking":\[\{"type":"text","text":"Think/,
  },
];
