import type { IncomingHttpHeaders } from 'node:http';
import type { JsonObject } from '../json.js';
import { asList, asNumber, asObject, asText, isObject } from '../json.js';
import { Refusal, require400 } from '../refusal.js';
import { isNewModel, takesOneOfBoth } from './models.js';
import { words } from '../words.js';

/** The API version from which on sampling is refused. */
export const NEW_VERSION = '2026-10-21';
const VERSIONS = ['2023-06-01', NEW_VERSION];
const KNOWN = words(
  `billing_policy cache_control compaction container context_management diagnostics fallbacks inference_geo max_tokens
  mcp_servers messages metadata model output_config service_tier speed stop_sequences stream system temperature
  thinking thread tool_choice tools top_k top_p`,
);
const TOOL_NAME = /^[a-zA-Z0-9_-]{1,128}$/;
const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'];
const MOST_BREAKPOINTS = 4;

/** Returns the API version. The key may come either way; `x-api-key` wins. */
export function checkHeaders(headers: IncomingHttpHeaders): string {
  const key = headers['x-api-key'] ?? headers.authorization?.match(/^Bearer (.+)$/)?.[1];
  if (!key) {
    throw new Refusal(401, 'x-api-key header is required');
  }
  if (key === 'bad-key') {
    throw new Refusal(401, 'invalid x-api-key');
  }
  const version = asText(headers['anthropic-version']);
  require400(version !== '', 'anthropic-version: header is required');
  require400(VERSIONS.includes(version), `anthropic-version: "${version}" is not a valid version`);
  return version;
}

export function checkSettings(body: JsonObject, version: string): void {
  const unknown = Object.keys(body).find(name => !KNOWN.has(name));
  require400(!unknown, `${unknown}: Extra inputs are not permitted`);
  const model = asText(body.model);
  require400(model !== '', 'model: Field required');
  if (model === 'no-such-model') {
    throw new Refusal(404, `model: ${model}`);
  }
  require400(body.max_tokens !== undefined, 'max_tokens: Field required');
  const maxTokens = asNumber(body.max_tokens) ?? -1;
  require400(Number.isInteger(maxTokens) && maxTokens >= 0, 'max_tokens: Input should be a valid integer');
  checkSampling(body, version, model);
  for (const stop of asList(body.stop_sequences)) {
    require400(asText(stop).trim() !== '', 'stop_sequences: each stop sequence must contain non-whitespace');
  }
  checkTools(body);
  checkOutput(asObject(body.output_config));
  const breakpoints =
    JSON.stringify([body.system, body.messages, body.tools]).split('"cache_control":{').length - 1;
  require400(
    breakpoints <= MOST_BREAKPOINTS,
    `A maximum of 4 blocks with cache_control may be provided. Found ${breakpoints}.`,
  );
}

function checkSampling(body: JsonObject, version: string, model: string): void {
  for (const name of ['temperature', 'top_p', 'top_k']) {
    require400(
      body[name] === undefined || version !== NEW_VERSION,
      `${name}: Extra inputs are not permitted`,
    );
  }
  const temperature = asNumber(body.temperature) ?? 1;
  require400(temperature >= 0 && temperature <= 1, 'temperature: range: 0..1');
  const fixed = isNewModel(model) || ['enabled', 'adaptive'].includes(asText(asObject(body.thinking).type));
  require400(
    temperature === 1 || !fixed,
    '`temperature` may only be set to 1 for this model or with thinking.',
  );
  require400(
    body.temperature === undefined || body.top_p === undefined || !takesOneOfBoth(model),
    '`temperature` and `top_p` cannot both be specified for this model. Please use only one.',
  );
}

function checkTools(body: JsonObject): void {
  const tools = asList(body.tools).map(asObject);
  const names = tools.map(tool => asText(tool.name));
  for (const [index, tool] of tools.entries()) {
    if (tool.type !== undefined && tool.type !== 'custom') {
      continue;
    }
    const at = `tools.${index}.custom`;
    require400(
      TOOL_NAME.test(asText(tool.name)),
      `${at}.name: String should match pattern '${TOOL_NAME.source}'`,
    );
    require400(isObject(tool.input_schema), `${at}.input_schema: Field required`);
    require400(tool.input_schema.type === 'object', `${at}.input_schema.type: Input should be 'object'`);
  }
  require400(new Set(names).size === names.length, 'tools: Tool names must be unique.');
  if (body.tool_choice === undefined) {
    return;
  }
  const { type, name } = asObject(body.tool_choice);
  require400(
    ['auto', 'any', 'tool', 'none'].includes(asText(type)),
    'tool_choice: Input tag is not expected',
  );
  require400(tools.length > 0, 'tool_choice: tool_choice may only be specified while providing tools');
  require400(
    type !== 'tool' || names.includes(asText(name)),
    `Tool '${asText(name)}' not found in provided tools`,
  );
}

function checkOutput(output: JsonObject): void {
  const effort = output.effort ?? 'high';
  require400(EFFORTS.includes(asText(effort)), `output_config.effort: Input should be ${EFFORTS.join(', ')}`);
  if (output.format != null) {
    const { type, schema } = asObject(output.format);
    require400(
      type === 'json_schema' && isObject(schema),
      'output_config.format: needs json_schema and a schema',
    );
  }
}
