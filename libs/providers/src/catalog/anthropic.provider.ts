import { anthropicMessagesVendor } from '@app/dialects';
import type { Vendor } from '../vendor.js';

export const anthropic: Vendor = {
  id: 'anthropic',
  name: 'Anthropic',
  baseUrl: 'https://api.anthropic.com',
  dialect: anthropicMessagesVendor,
  credentials: apiKey => ({ 'x-api-key': apiKey }),
  apiKeyEnv: ['ANTHROPIC_API_KEY'],
  models: [/^claude-/],
  quirks: {},
};
