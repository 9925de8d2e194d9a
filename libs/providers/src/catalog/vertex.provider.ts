import {
  anthropicMessagesVendor,
  geminiVendor,
  openAiChatVendor,
  type VendorDialect,
  vertexEmbeddings,
} from '@app/dialects';
import { below } from '../below.js';
import { serviceAccount } from '../credentials/service-account.js';
import { bearer, type Vendor } from '../vendor.js';

/** Locations that are more than one region. */
const MULTI_REGIONS = new Set(['us', 'eu']);

/** https://cloud.google.com/vertex-ai/generative-ai/docs/learn/locations */
function baseUrl(location: string): string {
  const prefixed = MULTI_REGIONS.has(location)
    ? `aiplatform.${location}.rep.googleapis.com`
    : `${location}-aiplatform.googleapis.com`;
  const host = location === 'global' ? 'aiplatform.googleapis.com' : prefixed;
  return `https://${host}/v1/projects/{project}/locations/${location}`;
}

/** Callers choose the name: it stays one segment of the path. `@` stands before the version of a Claude model. */
function modelPath(publisher: string, model: string): string {
  const name = encodeURIComponent(Buffer.from(model.replace(/^models\//, '')).toString()).replaceAll(
    '%40',
    '@',
  );
  return `/publishers/${publisher}/models/${name}`;
}

/** Of a request, only what is read; and not wrapped, as at Google's other address. */
const UNCOUNTED: ReadonlySet<string> = new Set(['cachedContent', 'labels', 'safetySettings', 'toolConfig']);

const gemini: VendorDialect = {
  ...geminiVendor,
  path: (model, stream) =>
    `${modelPath('google', model)}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
  // https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/count-tokens
  tokenCount: { path: model => `${modelPath('google', model)}:countTokens`, refused: UNCOUNTED },
  images: geminiVendor.images && {
    ...geminiVendor.images,
    path: model => `${modelPath('google', model)}:generateContent`,
  },
};

/** Anthropic's own errors say so; what Google's front answers in its place has Google's shape. */
const OWN_ERROR = /"type"\s*:\s*"error"/;

/** The model stands in the URL and not in the body, the version of the API in the body and not in a header. */
const claude: VendorDialect = {
  ...anthropicMessagesVendor,
  path: (model, stream) => `${modelPath('anthropic', model)}:${stream ? 'streamRawPredict' : 'rawPredict'}`,
  headers: {},
  requestHeaders: undefined,
  bodyMembers: { model: undefined, anthropic_version: 'vertex-2023-10-16' },
  // https://cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude/count-tokens
  tokenCount: anthropicMessagesVendor.tokenCount && {
    ...anthropicMessagesVendor.tokenCount,
    path: () => '/publishers/anthropic/models/count-tokens:rawPredict',
    body: (request, model) => ({ ...request, model }),
  },
  readError: failure =>
    (OWN_ERROR.test(failure.body) ? anthropicMessagesVendor : geminiVendor).readError(failure),
};

/** Open models, named with their publisher: `meta/llama-4-maverick-17b-128e-instruct-maas`. */
const openModels = below('/endpoints/openapi', openAiChatVendor);

/**
 * Google Vertex AI with the JSON key of a service account: Gemini by its own dialect, Claude by Anthropic's, open models by
 * OpenAI's chat.
 * https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference
 * https://docs.anthropic.com/en/api/claude-on-vertex-ai
 */
export const vertex: Vendor = {
  id: 'vertex',
  name: 'Google Vertex AI',
  baseUrl: baseUrl('global'),
  region: { variables: ['GOOGLE_CLOUD_LOCATION'], baseUrl },
  dialect: gemini,
  dialectFor: model => {
    if (model.startsWith('claude-')) {
      return claude;
    }
    return model.replace(/^models\//, '').includes('/') ? openModels : gemini;
  },
  credentials: bearer,
  tokens: serviceAccount,
  apiKeyEnv: [],
  apiKeyFileEnv: 'GOOGLE_APPLICATION_CREDENTIALS',
  models: [],
  tasks: { embeddings: vertexEmbeddings(model => modelPath('google', model)) },
  // No member of the body here: https://cloud.google.com/vertex-ai/generative-ai/docs/flex-paygo
  quirks: { unsupported: ['serviceTier', 'store'] },
  originOf: model => `${model.startsWith('claude-') ? 'anthropic' : 'google'}/${model}`,
  unlisted: true,
};
