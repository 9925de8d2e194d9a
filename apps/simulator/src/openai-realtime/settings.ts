import type { Json, JsonObject } from '../json.js';
import { asList, asObject, asText, isObject, shown } from '../json.js';
import { SPOKEN_RATE } from '../pcm.js';
import { Refusal, require400 } from '../refusal.js';
import { words } from '../words.js';

export type SessionKind = 'realtime' | 'transcription';

/** A session as it is shown to its client. The shapes are those of recordings/realtime/realtime-openai-*. */
export type Settings = JsonObject;

const LIFE_S = 1800;
const PCM = { type: 'audio/pcm', rate: SPOKEN_RATE };
const CUTOFF = 'Your knowledge cutoff is 2023-10. You are a helpful, witty, and friendly AI.';

const SESSION: Readonly<Record<SessionKind, ReadonlySet<string>>> = {
  realtime: words(
    `type object id expires_at model output_modalities instructions tools tool_choice max_output_tokens tracing
    truncation prompt audio include reasoning parallel_tool_calls`,
  ),
  transcription: words('type object id expires_at audio include'),
};
const AUDIO = words('input output');
const INPUT = words('format transcription noise_reduction turn_detection');
const OUTPUT = words('format voice speed');
const DETECTION = words(
  'type threshold prefix_padding_ms silence_duration_ms idle_timeout_ms create_response interrupt_response eagerness',
);
const TRANSCRIPTION = words('model language prompt delay');

/** The models from 2.0 on wait longer for the end of a speech, and name the phase of their answers. */
export function isSecondGeneration(model: string): boolean {
  return model.startsWith('gpt-realtime-2');
}

function detection(model: string): JsonObject {
  return {
    type: 'server_vad',
    threshold: 0.5,
    prefix_padding_ms: 300,
    silence_duration_ms: isSecondGeneration(model) ? 500 : 200,
    idle_timeout_ms: null,
    create_response: true,
    interrupt_response: true,
  };
}

export function defaultSettings(kind: SessionKind, model: string, id: string): Settings {
  const input = { format: PCM, transcription: null, noise_reduction: null, turn_detection: detection(model) };
  const expires_at = Math.floor(Date.now() / 1000) + LIFE_S;
  if (kind === 'transcription') {
    const object = 'realtime.transcription_session';
    return { type: kind, object, id, expires_at, audio: { input }, include: null };
  }
  const voice = isSecondGeneration(model) ? 'marin' : 'alloy';
  return {
    type: kind,
    object: 'realtime.session',
    id,
    model,
    output_modalities: ['audio'],
    instructions: CUTOFF,
    tools: [],
    tool_choice: 'auto',
    max_output_tokens: 'inf',
    tracing: null,
    truncation: 'auto',
    prompt: null,
    expires_at,
    audio: { input, output: { format: PCM, voice, speed: 1 } },
    include: null,
  };
}

/** What a `session.update` makes of the settings. @throws Refusal when they are not OpenAI's */
export function updateSettings(settings: Settings, update: JsonObject): Settings {
  const kind = settings.type as SessionKind;
  require400(update.type !== undefined, "Missing required parameter: 'session.type'.", {
    code: 'missing_required_parameter',
    param: 'session.type',
  });
  oneOf(update.type, [kind], 'session.type');
  refuseUnknown(update, SESSION[kind], 'session');
  checkModalities(update.output_modalities, 'session.output_modalities');
  const { id, object, expires_at, model } = settings;
  return {
    ...settings,
    ...update,
    ...(update.tools !== undefined && { tools: checkTools(update.tools, 'session.tools') }),
    audio: updateAudio(asObject(settings.audio), asObject(update.audio), asText(model)),
    ...(model !== undefined && { model }),
    id,
    object,
    expires_at,
  };
}

function updateAudio(audio: JsonObject, update: JsonObject, model: string): JsonObject {
  refuseUnknown(update, AUDIO, 'session.audio');
  const input = asObject(update.input);
  const output = asObject(update.output);
  refuseUnknown(input, INPUT, 'session.audio.input');
  refuseUnknown(output, OUTPUT, 'session.audio.output');
  checkFormat(input.format, 'session.audio.input.format');
  checkFormat(output.format, 'session.audio.output.format');
  const { transcription, turn_detection } = input;
  return {
    input: {
      ...asObject(audio.input),
      ...input,
      ...(isObject(transcription) && { transcription: transcriptionOf(transcription) }),
      ...(isObject(turn_detection) && { turn_detection: detectionOf(turn_detection, model) }),
    },
    ...(audio.output !== undefined && { output: { ...asObject(audio.output), ...output } }),
  };
}

function transcriptionOf(asked: JsonObject): JsonObject {
  refuseUnknown(asked, TRANSCRIPTION, 'session.audio.input.transcription');
  return { language: null, prompt: null, ...asked };
}

function detectionOf(asked: JsonObject, model: string): JsonObject {
  const path = 'session.audio.input.turn_detection';
  refuseUnknown(asked, DETECTION, path);
  oneOf(asked.type ?? 'server_vad', ['server_vad', 'semantic_vad'], `${path}.type`);
  for (const name of ['threshold', 'prefix_padding_ms', 'silence_duration_ms']) {
    const value = asked[name] ?? 0;
    require400(
      typeof value === 'number' && value >= 0,
      `Invalid value for '${path}.${name}': ${shown(value)}.`,
      {
        code: 'invalid_value',
        param: `${path}.${name}`,
      },
    );
  }
  return { ...detection(model), ...asked };
}

/** The simulator speaks PCM only. */
function checkFormat(format: Json | undefined, path: string): void {
  if (format !== undefined) {
    oneOf(asObject(format).type, ['audio/pcm'], `${path}.type`);
    oneOf(asObject(format).rate ?? PCM.rate, [PCM.rate], `${path}.rate`);
  }
}

export function checkModalities(modalities: Json | undefined, path: string): void {
  if (modalities !== undefined) {
    oneOf(JSON.stringify(modalities), ['["text"]', '["audio"]'], path);
  }
}

/** @returns the tools as a session shows them */
export function checkTools(tools: Json, path: string): readonly JsonObject[] {
  return asList(tools).map((tool, index) => {
    const { type, name } = asObject(tool);
    oneOf(type, ['function', 'mcp'], `${path}[${index}].type`);
    require400(
      type === 'mcp' || asText(name) !== '',
      `Missing required parameter: '${path}[${index}].name'.`,
      {
        code: 'missing_required_parameter',
        param: `${path}[${index}].name`,
      },
    );
    return asObject(tool);
  });
}

export function oneOf(value: Json | undefined, allowed: readonly Json[], param: string): void {
  if (!allowed.includes(value ?? null)) {
    const supported = allowed.map(each => `'${shown(each)}'`).join(', ');
    const message = `Invalid value: '${shown(value ?? null)}'. Supported values are: ${supported}.`;
    throw new Refusal(400, message, { code: 'invalid_value', param });
  }
}

export function refuseUnknown(object: JsonObject, known: ReadonlySet<string>, path: string): void {
  const unknown = Object.keys(object).find(name => !known.has(name));
  require400(unknown === undefined, `Unknown parameter: '${path}.${unknown}'.`, {
    code: 'unknown_parameter',
    param: `${path}.${unknown}`,
  });
}
