import type { Vendor } from '../vendor.js';
import { anthropic } from './anthropic.provider.js';
import { azureOpenai } from './azure-openai.provider.js';
import { bedrock } from './bedrock.provider.js';
import { cerebras } from './cerebras.provider.js';
import { cohere } from './cohere.provider.js';
import { deepgram } from './deepgram.provider.js';
import { deepseek } from './deepseek.provider.js';
import { elevenlabs } from './elevenlabs.provider.js';
import { fireworks } from './fireworks.provider.js';
import { google } from './google.provider.js';
import { groq } from './groq.provider.js';
import { huggingface } from './huggingface.provider.js';
import { jina } from './jina.provider.js';
import { lmstudio } from './lmstudio.provider.js';
import { mistral } from './mistral.provider.js';
import { nvidia } from './nvidia.provider.js';
import { ollama } from './ollama.provider.js';
import { openai } from './openai.provider.js';
import { openrouter } from './openrouter.provider.js';
import { perplexity } from './perplexity.provider.js';
import { together } from './together.provider.js';
import { vertex } from './vertex.provider.js';
import { vllm } from './vllm.provider.js';
import { voyage } from './voyage.provider.js';
import { xai } from './xai.provider.js';

/** Every vendor this gateway knows by itself. `npm run new:provider NAME` adds one. */
export const catalog: readonly Vendor[] = [
  openai,
  anthropic,
  google,
  azureOpenai,
  bedrock,
  vertex,
  groq,
  mistral,
  deepseek,
  xai,
  together,
  fireworks,
  openrouter,
  perplexity,
  cerebras,
  cohere,
  nvidia,
  huggingface,
  jina,
  voyage,
  deepgram,
  elevenlabs,
  ollama,
  vllm,
  lmstudio,
];
