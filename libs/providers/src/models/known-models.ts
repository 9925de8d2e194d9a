import type { ModelTraits } from '@app/dialects';

type Row = readonly [models: string, traits: ModelTraits];

/** Of one text model with all that its family can do. */
const text: ModelTraits = { tools: true, parallelTools: true, structuredOutput: true, output: ['text'] };
const reader: ModelTraits = { ...text, images: true, documents: true, audioInput: false };
const textOnly: ModelTraits = { images: false, documents: false, audioInput: false, output: ['text'] };

/** Of one that is given something to do, and not talked to. */
const task: ModelTraits = { talks: false };

const gpt: ModelTraits = { ...reader, sampling: true, reasoning: 'none', contextTokens: 128_000 };
const thinker: ModelTraits = { ...reader, sampling: false, reasoning: 'effort', maxOutputTokens: 128_000 };
const oSeries: ModelTraits = {
  ...thinker,
  parallelTools: false,
  contextTokens: 200_000,
  maxOutputTokens: 100_000,
};
const speaker: ModelTraits = {
  ...gpt,
  images: false,
  audioInput: true,
  structuredOutput: false,
  output: ['text', 'audio'],
  maxOutputTokens: 16_384,
};
const oss: ModelTraits = { ...text, ...textOnly, reasoning: 'effort', contextTokens: 131_072 };

/** https://platform.openai.com/docs/models */
const openai: readonly Row[] = [
  ['openai/gpt-oss-*', oss],
  ['openai/gpt-audio*', speaker],
  ['openai/gpt-4o*-audio*', speaker],
  ['openai/gpt-realtime*', { talks: true }],
  ['openai/gpt-4o*-realtime*', { talks: true }],
  ['openai/gpt-4o*-transcribe*', task],
  ['openai/gpt-4o*-tts*', task],
  ['openai/tts-1*', task],
  ['openai/*moderation*', task],
  ['openai/*gpt-image*', task],
  ['openai/dall-e*', task],
  ['openai/sora*', task],
  ['openai/gpt-4o*-search*', { reasoning: 'none', images: true, audioInput: false }],
  ['openai/gpt-4o-2024-05-13', { ...gpt, structuredOutput: false, maxOutputTokens: 4096 }],
  ['openai/gpt-4o*', { ...gpt, maxOutputTokens: 16_384 }],
  ['openai/gpt-4.1*', { ...gpt, contextTokens: 1_047_576, maxOutputTokens: 32_768 }],
  ['openai/gpt-4.5*', { sampling: true, reasoning: 'none' }],
  ['openai/gpt-4-turbo*', { ...gpt, documents: undefined, structuredOutput: false, maxOutputTokens: 4096 }],
  ['openai/gpt-4*', { ...gpt, ...textOnly, structuredOutput: false, contextTokens: undefined }],
  [
    'openai/gpt-3.5*',
    { ...gpt, ...textOnly, structuredOutput: false, contextTokens: 16_385, maxOutputTokens: 4096 },
  ],
  ['openai/chatgpt-*', { sampling: true, reasoning: 'none' }],
  [
    'openai/gpt-5*chat*',
    { images: true, audioInput: false, contextTokens: 128_000, maxOutputTokens: 16_384 },
  ],
  ['openai/gpt-5*search*', {}],
  ['openai/gpt-5-pro*', { ...thinker, contextTokens: 400_000, maxOutputTokens: 272_000 }],
  ['openai/gpt-5.4-mini*', { ...thinker, contextTokens: 400_000 }],
  ['openai/gpt-5.4-nano*', { ...thinker, contextTokens: 400_000 }],
  ['openai/gpt-5.4*', { ...thinker, contextTokens: 1_050_000 }],
  ['openai/gpt-5.5*', { ...thinker, contextTokens: 1_050_000 }],
  ['openai/gpt-5.6*', { ...thinker, contextTokens: 1_050_000 }],
  ['openai/gpt-5*', { ...thinker, contextTokens: 400_000 }],
  ['openai/gpt-6*', { ...thinker, contextTokens: 1_050_000 }],
  ['openai/o*-deep-research*', { ...oSeries, tools: undefined, structuredOutput: false }],
  ['openai/o1-mini*', { sampling: false, reasoning: 'effort' }],
  ['openai/o1-preview*', { sampling: false, reasoning: 'effort' }],
  ['openai/o3-mini*', { ...oSeries, images: false, documents: undefined }],
  ['openai/o1*', oSeries],
  ['openai/o3*', oSeries],
  ['openai/o4*', oSeries],
];

const claude: ModelTraits = { ...reader, lateSystem: false, contextTokens: 200_000 };
/** They still take sampling settings, under the older version of the API. */
const olderClaude: ModelTraits = { ...claude, sampling: true, structuredOutput: undefined, prefill: true };
const budget: ModelTraits = {
  ...claude,
  sampling: true,
  reasoning: 'budget',
  maxOutputTokens: 64_000,
  prefill: true, // models from 4.6 on refuse it: https://platform.claude.com/docs/en/about-claude/models/migration-guide
};
const adaptive: ModelTraits = {
  ...claude,
  sampling: false,
  reasoning: 'adaptive',
  contextTokens: 1_000_000,
  maxOutputTokens: 128_000,
};
/** What it is told of thinking is how much, never whether. */
const thinking: ModelTraits = { ...adaptive, lateSystem: true, forcedTools: false };
const no3x: ModelTraits = {
  ...olderClaude,
  structuredOutput: false,
  reasoning: 'none',
  maxOutputTokens: 8192,
};

/** https://platform.claude.com/docs/en/about-claude/models/overview; PROTOCOLS section 0, rows 1, 3, 5 and 6. */
const anthropic: readonly Row[] = [
  ['anthropic/claude-3-7-*', { ...no3x, reasoning: 'budget', maxOutputTokens: 64_000 }],
  ['anthropic/claude-3-5-*', no3x],
  ['anthropic/claude-3-*', { ...no3x, documents: undefined, maxOutputTokens: 4096 }],
  ['anthropic/claude-opus-4-5*', budget],
  ['anthropic/claude-sonnet-4-5*', budget],
  ['anthropic/claude-haiku-4-5*', budget],
  ['anthropic/claude-*-4-6*', { ...adaptive, sampling: true }],
  ['anthropic/claude-*-4-7*', adaptive],
  ['anthropic/claude-*-4-8*', { ...adaptive, lateSystem: true }],
  // Up to 4.1: the family goes no further than 4.8.
  ['anthropic/claude-opus-4*', { ...olderClaude, reasoning: 'budget', maxOutputTokens: 32_000 }],
  ['anthropic/claude-sonnet-4*', { ...olderClaude, reasoning: 'budget', maxOutputTokens: 64_000 }],
  // https://platform.claude.com/docs/en/models/opus-5-5/whats-new-opus-5-5, and the same of Fable 5.1 and Sonnet 5.5
  ['anthropic/claude-opus-5-5*', { ...thinking, reasoningOff: 'never' }],
  ['anthropic/claude-fable-5-*', { ...thinking, reasoningOff: 'never' }],
  ['anthropic/claude-sonnet-5-5*', { ...thinking, reasoningOff: 'between_tools' }],
  ['anthropic/claude-mythos-preview*', { ...adaptive, lateSystem: undefined }],
  ['anthropic/claude-*', { ...adaptive, lateSystem: true }],
];

const gemini: ModelTraits = {
  ...text,
  parallelTools: undefined,
  images: true,
  documents: true,
  audioInput: true,
  contextTokens: 1_048_576,
  maxOutputTokens: 65_536,
};

/** https://ai.google.dev/gemini-api/docs/models */
const google: readonly Row[] = [
  [
    'google/gemini-*-tts*',
    { ...textOnly, ...task, output: ['audio'], tools: false, structuredOutput: false },
  ],
  ['google/gemini-*-image*', { images: true, output: ['text', 'image'] }],
  ['google/gemini-*-live*', { talks: true }],
  ['google/gemini-live*', { talks: true }],
  ['google/gemini-*-audio*', { talks: true }],
  ['google/gemini-*-computer-use*', {}],
  ['google/gemini-embedding*', task],
  ['google/imagen*', task],
  ['google/veo*', task],
  ['google/gemini-omni*', {}],
  ['google/gemini-robotics*', { reasoning: 'level' }],
  ['google/gemini-1*', { reasoning: 'none' }],
  ['google/gemini-2.0*', { ...gemini, reasoning: 'none', maxOutputTokens: 8192 }],
  ['google/gemini-2.5*', { ...gemini, reasoning: 'budget' }],
  ['google/gemini-3*', { ...gemini, reasoning: 'level' }],
  ['google/gemini-*', { ...gemini, reasoning: 'level', maxOutputTokens: undefined }],
];

/** Chat takes no files; Responses does, by id. https://docs.x.ai/docs/guides/files */
const grok: ModelTraits = { ...text, parallelTools: undefined, documents: false, audioInput: false };

/** https://docs.x.ai/docs/models */
const xai: readonly Row[] = [
  ['xai/grok-imagine*', task],
  ['xai/grok-voice*', { talks: true }],
  ['xai/grok-4*-multi-agent*', { ...grok, tools: undefined }],
  ['xai/grok-4*non-reasoning*', { ...grok, images: true, reasoning: 'none' }],
  ['xai/grok-4*', { ...grok, images: true }],
  ['xai/grok-3*', { ...grok, images: false }],
  ['xai/grok-code*', grok],
  ['xai/grok-build*', grok],
];

const mistralText: ModelTraits = { ...text, parallelTools: undefined, audioInput: false };

/** https://docs.mistral.ai/getting-started/models/ */
const mistral: readonly Row[] = [
  ['mistral/*embed*', task],
  ['mistral/*-ocr*', task],
  ['mistral/voxtral-*-transcribe*', task],
  ['mistral/voxtral-*', { ...mistralText, audioInput: true, images: false }],
  ['mistral/codestral-*', { ...mistralText, images: false }],
  ['mistral/open-mistral-nemo*', { ...mistralText, images: false }],
  ['mistral/mistral-large-2411', { ...mistralText, images: false }],
  ['mistral/mistral-large-*', { ...mistralText, images: true }],
  ['mistral/mistral-medium-*', { ...mistralText, images: true }],
  ['mistral/mistral-small-*', { ...mistralText, images: true }],
  ['mistral/ministral-*-2512', { ...mistralText, images: true }],
  ['mistral/pixtral-*', { ...mistralText, images: true }],
  ['mistral/magistral-*', mistralText],
  ['mistral/devstral-*', mistralText],
];

const deepseekV4: ModelTraits = {
  tools: true,
  parallelTools: true,
  documents: false,
  audioInput: false,
  output: ['text'],
  contextTokens: 1_000_000,
  maxOutputTokens: 393_216,
};

/** https://api-docs.deepseek.com/quick_start/pricing */
const deepseek: readonly Row[] = [
  ['deepseek/deepseek-v4-pro*', { ...deepseekV4, images: false }],
  ['deepseek/deepseek-v4-flash*', deepseekV4],
  ['deepseek/deepseek-flash*', deepseekV4],
];

/** https://console.groq.com/docs/models */
const groq: readonly Row[] = [
  ['groq/openai/gpt-oss-*', { ...oss, maxOutputTokens: 65_536 }],
  ['groq/meta-llama/llama-4-*', { ...text, images: true, documents: false, audioInput: false }],
  ['groq/llama-3.*', { ...textOnly, tools: true, structuredOutput: false, contextTokens: 131_072 }],
  ['groq/*prompt-guard*', { ...textOnly, tools: false, structuredOutput: false }],
];

const command: ModelTraits = { ...textOnly, tools: true };

/** https://docs.cohere.com/docs/models */
const cohere: readonly Row[] = [
  ['cohere/command-a-vision-*', { images: true, tools: false, audioInput: false, output: ['text'] }],
  ['cohere/command-a-plus-*', { ...command, images: true, documents: undefined, maxOutputTokens: 64_000 }],
  ['cohere/command-a-03-*', { ...command, contextTokens: 256_000, maxOutputTokens: 8000 }],
  ['cohere/command-r*', { ...command, contextTokens: 128_000, maxOutputTokens: 4096 }],
  ['cohere/c4ai-aya-vision-*', { images: true, tools: false, audioInput: false, output: ['text'] }],
  ['cohere/c4ai-aya-*', { ...textOnly, tools: false }],
];

/** https://inference-docs.cerebras.ai/models/overview and https://docs.perplexity.ai/getting-started/models */
const others: readonly Row[] = [
  ['cerebras/gpt-oss-*', oss],
  ['cerebras/llama*', { ...textOnly, tools: true }],
  ['perplexity/sonar*', { tools: false, audioInput: false, output: ['text'] }],
];

/** Whoever serves them. */
const tasks: readonly Row[] = [
  ['*/*embedding*', task],
  ['*/*embed-*', task],
  ['*/*rerank*', task],
  ['*/*whisper-*', task],
];

/**
 * What models can do, which the price book does not know. The first row that fits `vendor/model` counts, `*` stands for any
 * text; a model that fits none gets no traits: every field is sent and the vendor decides, so that new models work on
 * their first day. What is left out is not known. A family's row is for models to come, too, so it claims no more than
 * all of the family have had.
 */
export const KNOWN_MODELS: readonly Row[] = [
  ...openai,
  ...anthropic,
  ...google,
  ...xai,
  ...mistral,
  ...deepseek,
  ...groq,
  ...cohere,
  ...others,
  ...tasks,
];
