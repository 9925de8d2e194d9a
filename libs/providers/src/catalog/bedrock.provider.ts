import {
  anthropicMessagesVendor,
  bedrockEmbeddings,
  openAiChatVendor,
  openAiResponsesVendor,
  type VendorDialect,
} from '@app/dialects';
import { below } from '../below.js';
import { bearer, type Vendor } from '../vendor.js';

const baseUrl = (region: string): string => `https://bedrock-mantle.${region}.api.aws`;
const DEFAULT_REGION = 'us-east-1';

const chat = below('/v1', openAiChatVendor);
const chatOfNewer = below('/openai/v1', openAiChatVendor);
/** Without the endpoints besides, which nobody documents here. */
const responses: VendorDialect = {
  ...openAiResponsesVendor,
  tokenCount: undefined,
  compactionPath: undefined,
};
const responsesOfOss = below('/v1', responses);
const responsesOfGpt = below('/openai/v1', responses);
const messages = below('/anthropic', anthropicMessagesVendor);
const messagesOfOlder: VendorDialect = {
  ...messages,
  headers: { 'anthropic-version': '2023-06-01' },
  requestHeaders: undefined,
};

/** `us.anthropic.claude-…`, `openai.gpt-…`: a region may stand before the maker. */
const ORIGIN = /^(?:[a-z-]+\.)??(anthropic|openai|google|xai|mistral|deepseek)\./;
const CLAUDE = /(?:^|\.)anthropic\./;
/** Up to 4.6. The version 2026-10-21 of the API is there for the models after. */
const OLDER_CLAUDE = /claude-(?:\d|[a-z]+-4(?!-(?:[7-9]|\d\d)(?!\d)))/;
/** Served below `/openai/v1` and not, as the others, below `/v1`: the "Programmatic Access" of their model cards. */
const NEWER = /^(?:google\.gemma-4|xai\.)/;
/** Asked by Responses alone, say their model cards. */
const GPT = /(?:^|\.)openai\.gpt-(?!oss)/;
const OSS = /(?:^|\.)openai\.gpt-oss/;

/**
 * Amazon Bedrock by its compatible endpoint, with a Bedrock API key: Claude by Anthropic's Messages API, GPT by
 * OpenAI's Responses, the others by its chat; vectors by InvokeModel. Models are named without region: `anthropic.claude-sonnet-5`.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/bedrock-mantle.html
 * https://docs.aws.amazon.com/bedrock/latest/userguide/inference-messages-api.html
 * https://docs.aws.amazon.com/bedrock/latest/userguide/inference-responses-api.html
 */
export const bedrock: Vendor = {
  id: 'bedrock',
  name: 'Amazon Bedrock',
  baseUrl: baseUrl(DEFAULT_REGION),
  region: { variables: ['AWS_REGION', 'AWS_DEFAULT_REGION'], baseUrl },
  dialect: chat,
  dialectFor: (model, spoken) => {
    if (CLAUDE.test(model)) {
      return OLDER_CLAUDE.test(model) ? messagesOfOlder : messages;
    }
    if (GPT.test(model)) {
      return responsesOfGpt;
    }
    if (OSS.test(model) && spoken === 'openai-responses') {
      return responsesOfOss;
    }
    return NEWER.test(model) ? chatOfNewer : chat;
  },
  credentials: bearer,
  apiKeyEnv: ['AWS_BEARER_TOKEN_BEDROCK'],
  models: [],
  tasks: { embeddings: bedrockEmbeddings },
  quirks: {},
  originOf: model => model.replace(ORIGIN, '$1/'),
};
