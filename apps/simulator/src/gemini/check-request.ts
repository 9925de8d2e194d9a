import type { ChatRequest } from '../chat-dialect.js';
import type { Json, JsonObject } from '../json.js';
import { asList, asNumber, asObject, asText, isObject } from '../json.js';
import { Refusal, require400 } from '../refusal.js';
import { words } from '../words.js';
import { field, unknownField } from './fields.js';

const TOP_LEVEL = words(
  'model contents systemInstruction tools toolConfig safetySettings generationConfig cachedContent labels serviceTier store modelArmorConfig',
);
const SETTINGS = words(
  `audioTimestamp candidateCount enableEnhancedCivicAnswers frequencyPenalty imageConfig logprobs maxOutputTokens
  mediaResolution presencePenalty responseJsonSchema responseLogprobs responseMimeType responseModalities
  responseSchema seed speechConfig stopSequences temperature thinkingConfig topK topP`,
);
const TOOL = words(
  `functionDeclarations googleSearch googleSearchRetrieval urlContext codeExecution fileSearch googleMaps computerUse
  mcpServers`,
);
const DECLARATION = words(
  'name description parameters parametersJsonSchema response responseJsonSchema behavior',
);
const THINKING = words('thinkingLevel thinkingBudget includeThoughts');
/** `parameters` and `responseSchema` take an OpenAPI subset only; the JSON schema fields take all. */
const SCHEMA = words(
  `type format title description nullable enum maxItems minItems properties required minProperties maxProperties
  minLength maxLength pattern example anyOf propertyOrdering default items minimum maximum additionalProperties
  $ref $defs`,
);
const NAME = /^[a-zA-Z_][\w.:-]{0,127}$/;
const MOST_STOPS = 5;

export function checkKey({ headers, url }: ChatRequest): void {
  const bearer = headers.authorization?.match(/^Bearer (.+)$/)?.[1];
  const key = headers['x-goog-api-key'] ?? url.searchParams.get('key') ?? bearer;
  if (!key) {
    throw new Refusal(401, 'Request is missing required authentication credential.');
  }
  require400(key !== 'bad-key', 'API key not valid. Please pass a valid API key.', {
    code: 'API_KEY_INVALID',
  });
}

export function checkSettings(body: JsonObject): void {
  refuseUnknown(body, TOP_LEVEL, '');
  const settings = asObject(field(body, 'generationConfig'));
  refuseUnknown(settings, SETTINGS, 'generation_config');
  const stops = asList(field(settings, 'stopSequences'));
  require400(
    stops.length <= MOST_STOPS,
    `generation_config.stop_sequences: at most ${MOST_STOPS} are allowed.`,
  );
  const temperature = asNumber(settings.temperature) ?? 1;
  require400(
    temperature >= 0 && temperature <= 2,
    'generation_config.temperature: must be in the range [0.0, 2.0].',
  );
  const maxTokens = field(settings, 'maxOutputTokens') ?? 1;
  require400(Number(maxTokens) >= 1, 'generation_config.max_output_tokens: must be positive.');
  checkThinkingConfig(asObject(field(settings, 'thinkingConfig')));
  checkAnswerSchema(settings);
  checkTools(body);
}

export function checkModalities(body: JsonObject, model: string): void {
  const asked = asList(field(field(body, 'generationConfig'), 'responseModalities'));
  require400(
    !asked.includes('IMAGE') || model.includes('image'),
    'Model does not support the requested response modalities: image',
  );
}

function checkThinkingConfig(thinking: JsonObject): void {
  refuseUnknown(thinking, THINKING, 'generation_config.thinking_config');
  const level = field(thinking, 'thinkingLevel');
  require400(
    level === undefined || ['MINIMAL', 'LOW', 'MEDIUM', 'HIGH'].includes(asText(level).toUpperCase()),
    `Invalid value at 'generation_config.thinking_config.thinking_level': "${asText(level)}"`,
  );
  require400(
    level === undefined || field(thinking, 'thinkingBudget') === undefined,
    'You can only set only one of thinking budget and thinking level.',
  );
}

function checkAnswerSchema(settings: JsonObject): void {
  const schema = field(settings, 'responseSchema');
  const jsonSchema = field(settings, 'responseJsonSchema');
  require400(schema === undefined || jsonSchema === undefined, 'Only one response schema may be set.');
  require400(
    (schema ?? jsonSchema) === undefined || field(settings, 'responseMimeType') === 'application/json',
    'A response schema needs response_mime_type: application/json.',
  );
  checkSchemaSubset(schema, 'generation_config.response_schema');
}

function checkTools(body: JsonObject): void {
  const { tools } = body;
  const names: string[] = [];
  for (const [index, tool] of (isObject(tools) ? [tools] : asList(tools)).map(asObject).entries()) {
    refuseUnknown(tool, TOOL, `tools[${index}]`);
    for (const declaration of asList(field(tool, 'functionDeclarations')).map(asObject)) {
      const at = `tools[${index}].function_declarations[${names.length}]`;
      refuseUnknown(declaration, DECLARATION, at);
      require400(NAME.test(asText(declaration.name)), `${at}.name: Invalid function name.`);
      const { parameters } = declaration;
      require400(
        parameters === undefined || field(declaration, 'parametersJsonSchema') === undefined,
        `${at}: only one of parameters and parameters_json_schema may be set.`,
      );
      checkSchemaSubset(parameters, `${at}.parameters`);
      names.push(asText(declaration.name));
    }
  }
  require400(new Set(names).size === names.length, 'Duplicate function declaration found.');
  checkToolConfig(body, names);
}

function checkToolConfig(body: JsonObject, names: readonly string[]): void {
  const config = field(field(body, 'toolConfig'), 'functionCallingConfig');
  const mode = asText(field(config, 'mode') ?? 'AUTO').toUpperCase();
  require400(
    ['AUTO', 'ANY', 'NONE', 'VALIDATED', 'MODE_UNSPECIFIED'].includes(mode),
    `Invalid value at 'tool_config.function_calling_config.mode': "${mode}"`,
  );
  const allowed = asList(field(config, 'allowedFunctionNames')).map(asText);
  require400(
    mode === 'ANY' || mode === 'VALIDATED' || allowed.length === 0,
    'Allowed function names should only be set when function calling mode is ANY.',
  );
  const stranger = allowed.find(name => !names.includes(name));
  require400(!stranger, `Function calling config contains a name that was not declared: ${stranger}`);
  require400(mode !== 'ANY' || names.length > 0, 'Function calling mode is ANY but no function is declared.');
}

function checkSchemaSubset(schema: Json | undefined, at: string): void {
  if (!isObject(schema)) {
    return;
  }
  refuseUnknown(schema, SCHEMA, at);
  Object.entries(asObject(schema.properties)).forEach(([name, property]) =>
    checkSchemaSubset(property, `${at}.properties[${name}]`),
  );
  checkSchemaSubset(schema.items, `${at}.items`);
  asList(field(schema, 'anyOf')).forEach((choice, index) =>
    checkSchemaSubset(choice, `${at}.any_of[${index}]`),
  );
}

/** Google's words for a field it does not have. */
export function refuseUnknown(object: JsonObject, known: ReadonlySet<string>, at: string): void {
  const unknown = unknownField(object, known);
  const where = at === '' ? '' : ` at '${at}'`;
  require400(
    unknown === undefined,
    `Invalid JSON payload received. Unknown name "${unknown}"${where}: Cannot find field.`,
  );
}
