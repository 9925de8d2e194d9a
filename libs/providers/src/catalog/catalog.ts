import type { Vendor } from '../vendor.js';
import { anthropic } from './anthropic.provider.js';
import { google } from './google.provider.js';
import { openai } from './openai.provider.js';

/** Every vendor this gateway knows by itself. `npm run new:provider NAME` adds one. */
export const catalog: readonly Vendor[] = [openai, anthropic, google];
