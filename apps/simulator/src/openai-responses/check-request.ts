import type { Json, JsonObject } from '../json.js';
import { asList, asObject, asText, isObject, shown } from '../json.js';
import { checkRange, checkStrict, EFFORTS, NAME } from '../openai-chat/check-request.js';
import { isOwnModel, isReasoningModel } from '../openai-chat/models.js';
import { Refusal, require400 } from '../refusal.js';
import { words } from '../words.js';

const KNOWN = words(
  `access_programs background client_metadata context_management conversation include input instructions max_output_tokens
  max_tool_calls metadata model moderation parallel_tool_calls previous_response_id prompt prompt_cache_key
  prompt_cache_options prompt_cache_retention reasoning safety_identifier service_tier store stream stream_options
  temperature text tool_choice tools top_logprobs top_p truncation user`,
);
const SUMMARIES = ['auto', 'concise', 'detailed'];
const HOSTED =
  /^(web_search|file_search|code_interpreter|mcp|tool_search|image_generation|namespace|computer|shell|local_shell|apply_patch|programmatic_tool_calling)/;
const LEAST_OUTPUT = 16;

export function checkSettings(body: JsonObject): void {
  const model = asText(body.model);
  require400(model !== '', "Missing required parameter: 'model'.", { param: 'model' });
  require400(model !== 'no-such-model', `The requested model '${model}' does not exist.`, {
    param: 'model',
    code: 'model_not_found',
  });
  const unknown = Object.keys(body).find(name => !KNOWN.has(name));
  require400(!unknown || !isOwnModel(model), `Unknown parameter: '${unknown}'.`, {
    param: String(unknown),
    code: 'unknown_parameter',
  });
  checkRange(body, 'temperature', 0, 2);
  checkRange(body, 'top_p', 0, 1);
  checkRange(body, 'top_logprobs', 0, 20);
  checkRange(body, 'max_output_tokens', LEAST_OUTPUT, Infinity);
  if (isReasoningModel(model)) {
    for (const name of ['temperature', 'top_p']) {
      const message = `Unsupported parameter: '${name}' is not supported with this model.`;
      // A model that is told not to reason samples like any other.
      const samples = asObject(body.reasoning).effort === 'none';
      require400(body[name] == null || samples, message, { param: name });
    }
  }
  checkReasoning(asObject(body.reasoning ?? {}), asList(body.include));
  checkTools(body);
  checkFormat(asObject(asObject(body.text ?? {}).format ?? { type: 'text' }));
  if (body.previous_response_id != null) {
    throw new Refusal(400, `Previous response with id '${shown(body.previous_response_id)}' not found.`, {
      param: 'previous_response_id',
      code: 'previous_response_not_found',
    });
  }
}

function checkReasoning(reasoning: JsonObject, include: readonly Json[]): void {
  const { effort, summary } = reasoning;
  require400(effort == null || EFFORTS.includes(asText(effort)), `Invalid value: '${shown(effort)}'.`, {
    param: 'reasoning.effort',
  });
  require400(
    summary == null || SUMMARIES.includes(asText(summary)),
    `Invalid value: '${shown(summary)}'. Supported values are: ${SUMMARIES.join(', ')}.`,
    { param: 'reasoning.summary' },
  );
  require400(
    include.every(name => typeof name === 'string'),
    "Invalid 'include'.",
    { param: 'include' },
  );
}

function checkTools(body: JsonObject): void {
  const tools = asList(body.tools ?? []);
  require400(body.tools == null || Array.isArray(body.tools), "Invalid type for 'tools'.", {
    param: 'tools',
  });
  const names = tools.map((tool, index) => checkTool(asObject(tool), `tools[${index}]`));
  const choice = body.tool_choice ?? 'auto';
  if (isObject(choice)) {
    const named = choice.type === 'allowed_tools' ? asList(choice.tools).map(asObject) : [choice];
    for (const { type, name } of named) {
      const found = type === 'function' || type === 'custom' ? names.includes(asText(name)) : true;
      require400(found, `Tool choice '${asText(name)}' not found in 'tools' parameter.`, {
        param: 'tool_choice',
      });
    }
    return;
  }
  require400(['none', 'auto', 'required'].includes(asText(choice)), `Invalid value: '${shown(choice)}'.`, {
    param: 'tool_choice',
  });
  require400(
    choice !== 'required' || tools.length > 0,
    "Tool choice 'required' must be specified with 'tools' parameter.",
    { param: 'tool_choice' },
  );
}

function checkTool(tool: JsonObject, at: string): string {
  const type = asText(tool.type);
  if (HOSTED.test(type)) {
    return '';
  }
  require400(type === 'function' || type === 'custom', `Invalid value: '${type}'.`, { param: `${at}.type` });
  const name = asText(tool.name);
  require400(NAME.test(name), `Invalid '${at}.name': must match ${NAME.source}.`, { param: `${at}.name` });
  const { parameters } = tool;
  require400(
    parameters == null || (isObject(parameters) && (parameters.type ?? 'object') === 'object'),
    `Invalid schema for function '${name}': schema must be a JSON Schema of 'type: "object"'.`,
    { param: `${at}.parameters`, code: 'invalid_function_parameters' },
  );
  if (tool.strict === true) {
    checkStrict(asObject(parameters), `function '${name}'`, `${at}.parameters`);
  }
  return name;
}

function checkFormat(format: JsonObject): void {
  const param = 'text.format';
  const type = asText(format.type);
  require400(['text', 'json_object', 'json_schema'].includes(type), `Invalid value: '${type}'.`, { param });
  if (type === 'json_schema') {
    require400(NAME.test(asText(format.name)), "Missing required parameter: 'text.format.name'.", { param });
    require400(isObject(format.schema), "Missing required parameter: 'text.format.schema'.", { param });
    if (format.strict === true) {
      checkStrict(format.schema, `response_format '${asText(format.name)}'`, param);
    }
  }
}
