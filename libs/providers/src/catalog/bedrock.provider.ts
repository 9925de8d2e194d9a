import { anthropicMessagesVendor, openAiChatVendor, type VendorDialect } from '@app/dialects';
import { below } from '../below.js';
import { bearer, type Vendor } from '../vendor.js';

const baseUrl = (region: string): string => `https://bedrock-mantle.${region}.api.aws`;
const DEFAULT_REGION = 'us-east-1';

const chat = below('/v1', openAiChatVendor);
const chatOfNewer = below('/openai/v1', openAiChatVendor);
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
const NEWER = /^(?:openai\.gpt-(?!oss)|google\.gemma-4|xai\.)/;

/**
 * Amazon Bedrock by its compatible endpoint, with a Bedrock API key: Claude by Anthropic's Messages API, the others by
 * OpenAI's chat. Models are named without region: `anthropic.claude-sonnet-5`.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/bedrock-mantle.html
 * https://docs.aws.amazon.com/bedrock/latest/userguide/inference-messages-api.html
 */
export const bedrock: Vendor = {
  id: 'bedrock',
  name: 'Amazon Bedrock',
  baseUrl: baseUrl(DEFAULT_REGION),
  region: { variables: ['AWS_REGION', 'AWS_DEFAULT_REGION'], baseUrl },
  dialect: chat,
  dialectFor: model => {
    if (CLAUDE.test(model)) {
      return OLDER_CLAUDE.test(model) ? messagesOfOlder : messages;
    }
    return NEWER.test(model) ? chatOfNewer : chat;
  },
  credentials: bearer,
  apiKeyEnv: ['AWS_BEARER_TOKEN_BEDROCK'],
  models: [],
  quirks: {},
  originOf: model => model.replace(ORIGIN, '$1/'),
};
