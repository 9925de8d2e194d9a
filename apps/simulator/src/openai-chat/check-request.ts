import type { IncomingHttpHeaders } from 'node:http';
import type { Json, JsonObject } from '../json.js';
import { asList, asNumber, asObject, asText, isObject, shown } from '../json.js';
import { Refusal, require400 } from '../refusal.js';
import { isOwnModel, isReasoningModel } from './models.js';

const KNOWN = new Set(
  `audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens messages metadata
  modalities model moderation n parallel_tool_calls prediction presence_penalty prompt_cache_key prompt_cache_options
  prompt_cache_retention reasoning_effort response_format safety_identifier seed service_tier stop store stream
  stream_options temperature tool_choice tools top_logprobs top_p user verbosity web_search_options`.split(
    /\s+/,
  ),
);
export const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];
export const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const RANGES: readonly (readonly [name: string, least: number, most: number])[] = [
  ['temperature', 0, 2],
  ['top_p', 0, 1],
  ['presence_penalty', -2, 2],
  ['frequency_penalty', -2, 2],
  ['n', 1, 128],
  ['top_logprobs', 0, 20],
  ['max_tokens', 1, Infinity],
  ['max_completion_tokens', 1, Infinity],
];

/** OpenAI's header, or Azure's. */
export function checkKey(headers: IncomingHttpHeaders): void {
  const key = headers.authorization?.match(/^Bearer (.+)$/)?.[1] ?? headers['api-key'];
  if (!key) {
    throw new Refusal(401, "You didn't provide an API key. Send it as `Authorization: Bearer YOUR_KEY`.");
  }
  if (key === 'bad-key') {
    throw new Refusal(401, 'Incorrect API key provided: bad-key.');
  }
}

export function checkSettings(body: JsonObject): void {
  const model = asText(body.model);
  require400(model !== '', 'you must provide a model parameter');
  if (model === 'no-such-model') {
    throw new Refusal(404, `The model \`${model}\` does not exist or you do not have access to it.`);
  }
  const unknown = Object.keys(body).find(name => !KNOWN.has(name));
  require400(!unknown || !isOwnModel(model), `Unrecognized request argument supplied: ${unknown}`);
  RANGES.forEach(range => checkRange(body, ...range));
  if (isReasoningModel(model)) {
    checkReasoningModel(body);
  }
  const effort = body.reasoning_effort ?? 'none';
  require400(EFFORTS.includes(asText(effort)), `Invalid value: '${shown(effort)}'.`, {
    param: 'reasoning_effort',
  });
  require400(asList(body.stop).length <= 4, "Invalid 'stop': array too long. Expected maximum length 4.", {
    param: 'stop',
  });
  require400(
    body.top_logprobs == null || body.logprobs === true,
    "'top_logprobs' needs 'logprobs' to be true.",
    {
      param: 'top_logprobs',
    },
  );
  const optionsFit = body.stream_options == null || body.stream === true;
  require400(optionsFit, "The 'stream_options' parameter is only allowed when 'stream' is enabled.", {
    param: 'stream_options',
  });
  checkTools(body);
  checkFormat(body);
}

export function checkRange(body: JsonObject, name: string, least: number, most: number): void {
  const value = body[name];
  const number = asNumber(value);
  const fits = value == null || (number !== undefined && number >= least && number <= most);
  require400(fits, `Invalid '${name}': expected a number from ${least} to ${most}.`, { param: name });
}

function checkReasoningModel(body: JsonObject): void {
  require400(
    body.max_tokens == null,
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    { param: 'max_tokens', code: 'unsupported_parameter' },
  );
  for (const [name, only] of [
    ['temperature', 1],
    ['top_p', 1],
    ['presence_penalty', 0],
    ['frequency_penalty', 0],
  ] as const) {
    const message = `Unsupported value: '${name}' does not support ${shown(body[name])} with this model. Only the default (${only}) value is supported.`;
    require400(body[name] == null || body[name] === only, message, {
      param: name,
      code: 'unsupported_value',
    });
  }
}

function checkTools(body: JsonObject): void {
  const { tools } = body;
  if (tools == null) {
    for (const name of ['tool_choice', 'parallel_tool_calls']) {
      require400(body[name] == null, `'${name}' is only allowed when 'tools' are specified.`, {
        param: name,
      });
    }
    return;
  }
  require400(Array.isArray(tools) && tools.length > 0, "Invalid 'tools': empty array.", { param: 'tools' });
  const names = asList(tools).map((tool, index) => checkTool(tool, `tools[${index}]`));
  const choice = body.tool_choice ?? 'auto';
  if (isObject(choice) && choice.type !== 'allowed_tools') {
    const name = asText(asObject(choice.function ?? choice.custom).name);
    require400(names.includes(name), `Tool choice '${name}' not found in 'tools' parameter.`, {
      param: 'tool_choice',
    });
  } else if (!isObject(choice)) {
    const valid = ['none', 'auto', 'required'].includes(asText(choice));
    require400(valid, `Invalid value: '${shown(choice)}'.`, { param: 'tool_choice' });
  }
}

function checkTool(tool: Json, at: string): string {
  const kind = asObject(tool).type === 'custom' ? 'custom' : 'function';
  require400(asObject(tool).type === kind, `Invalid value for '${at}.type'.`, { param: `${at}.type` });
  const definition = asObject(asObject(tool)[kind]);
  const name = asText(definition.name);
  require400(NAME.test(name), `Invalid '${at}.${kind}.name': must match ${NAME.source}.`, {
    param: `${at}.${kind}.name`,
  });
  const { parameters } = definition;
  require400(
    parameters == null || (isObject(parameters) && (parameters.type ?? 'object') === 'object'),
    `Invalid schema for function '${name}': schema must be a JSON Schema of 'type: "object"'.`,
    { param: `${at}.function.parameters`, code: 'invalid_function_parameters' },
  );
  if (definition.strict === true) {
    checkStrict(asObject(parameters), `function '${name}'`, `${at}.function.parameters`);
  }
  return name;
}

/** A strict schema closes its objects and requires all that is in them. */
export function checkStrict(schema: JsonObject, of: string, param: string): void {
  const required = asList(schema.required);
  require400(
    schema.additionalProperties === false,
    `Invalid schema for ${of}: 'additionalProperties' is required to be supplied and to be false.`,
    { param },
  );
  const missing = Object.keys(asObject(schema.properties)).find(name => !required.includes(name));
  require400(
    !missing,
    `Invalid schema for ${of}: 'required' must include every property; missing '${missing}'.`,
    {
      param,
    },
  );
}

function checkFormat(body: JsonObject): void {
  const format = asObject(body.response_format ?? { type: 'text' });
  const param = 'response_format';
  const type = asText(format.type);
  require400(['text', 'json_object', 'json_schema'].includes(type), `Invalid value: '${type}'.`, { param });
  if (type === 'json_object') {
    require400(
      /json/i.test(JSON.stringify(body.messages)),
      "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
      { param: 'messages' },
    );
  }
  if (type === 'json_schema') {
    const described = asObject(format.json_schema);
    require400(NAME.test(asText(described.name)), "Missing or invalid 'response_format.json_schema.name'.", {
      param,
    });
    require400(
      isObject(described.schema),
      "Missing required parameter: 'response_format.json_schema.schema'.",
      {
        param,
      },
    );
    if (described.strict === true) {
      checkStrict(described.schema, `response_format '${asText(described.name)}'`, param);
    }
  }
}
