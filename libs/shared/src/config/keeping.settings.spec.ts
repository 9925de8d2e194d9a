import { ConfigError } from './config.error.js';
import { readConfig } from './config.reader.js';

describe('the settings of what is kept', () => {
  it.each([
    ['AI_GATEWAY_IDEMPOTENCY_TTL_MS', '999'],
    ['AI_GATEWAY_CACHE_MEMORY_BYTES', '-1'],
    ['AI_GATEWAY_CACHE_ENTRY_BYTES', '0'],
    ['AI_GATEWAY_CACHE_STORE', 'disk'],
    ['AI_GATEWAY_RETENTION_USAGE_DAYS', '-1'],
    ['AI_GATEWAY_RETENTION_LABEL_DAYS', '1.5'],
    ['AI_GATEWAY_RETENTION_DECISION_DAYS', 'ever'],
    ['AI_GATEWAY_RETENTION_AUDIT_DAYS', '36501'],
  ])('name %s when it is wrong', (variable, value) => {
    expect(() => readConfig({ [variable]: value })).toThrow(ConfigError);
    expect(() => readConfig({ [variable]: value })).toThrow(`${variable} is not valid.`);
  });
});
