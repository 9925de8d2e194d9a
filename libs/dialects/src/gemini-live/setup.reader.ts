import {
  invalid,
  optionalList,
  optionalNumber,
  optionalNumberUpTo,
  optionalObject,
  optionalText,
} from '../domain/fields.js';
import { type LiveActivity, type LiveSettings, LONGEST_ACTIVITY_MS } from '../domain/live-crossing.js';
import type { Losses } from '../domain/losses.js';
import {
  isAbsent,
  isObject,
  objectAt,
  objectsAt,
  textAt,
  type Wire,
  withoutUndefined,
} from '../domain/wire.js';
import { camelNames } from '../gemini/member-names.js';
import { readTools } from '../gemini/request-tools.reader.js';

const LOST: Readonly<Record<string, string>> = {
  sessionResumption: 'The session cannot be taken up again.',
  contextWindowCompression: 'The vendor decides itself what it forgets.',
  proactivity: 'The vendor answers all that is said.',
  explicitVadSignal: 'The vendor does not tell when somebody speaks.',
  historyConfig: 'The vendor takes the history as it comes.',
  safetySettings: 'The vendor has rules of its own.',
  avatarConfig: 'The vendor has no faces.',
  translationConfig: 'The vendor does not translate.',
};
const KNOWN = new Set([
  'model',
  'generationConfig',
  'systemInstruction',
  'tools',
  'toolConfig',
  'realtimeInputConfig',
  'inputAudioTranscription',
  'outputAudioTranscription',
]);
const KNOWN_GENERATION = new Set(['responseModalities', 'speechConfig', 'temperature', 'maxOutputTokens']);

/** What the first message of a session settles. @throws InvalidRequestError (400) */
export function readSetup(message: Wire, losses: Losses): LiveSettings {
  const setup = camelNames(message);
  const config = camelNames(optionalObject(setup, 'generationConfig', 'setup') ?? {});
  noteLost(setup, config, losses);
  const modalities = optionalList(config, 'responseModalities', 'setup.generationConfig') ?? ['AUDIO'];
  const [modality] = modalities;
  if (modalities.length !== 1 || (modality !== 'AUDIO' && modality !== 'TEXT')) {
    throw invalid('setup.generationConfig.responseModalities', '["AUDIO"] or ["TEXT"]');
  }
  return withoutUndefined<LiveSettings>({
    instructions: instructionsOf(setup),
    isSpoken: modality === 'AUDIO',
    voice: voiceOf(config),
    tools: readTools(setup, {}),
    maxOutputTokens: optionalNumber(config, 'maxOutputTokens', 'setup.generationConfig'),
    temperature: optionalNumber(config, 'temperature', 'setup.generationConfig'),
    hearsWords: !isAbsent(setup['inputAudioTranscription']),
    tellsWords: !isAbsent(setup['outputAudioTranscription']),
    activity: activityOf(camelNames(optionalObject(setup, 'realtimeInputConfig', 'setup') ?? {})),
  });
}

function noteLost(setup: Wire, config: Wire, losses: Losses): void {
  for (const [name, value] of Object.entries(setup)) {
    if (!KNOWN.has(name) && !isAbsent(value)) {
      losses.dropped(`setup.${name}`, LOST[name] ?? 'The vendor cannot be told.');
    }
  }
  for (const [name, value] of Object.entries(config)) {
    if (!KNOWN_GENERATION.has(name) && !isAbsent(value)) {
      losses.dropped(`setup.generationConfig.${name}`, 'The vendor cannot be told.');
    }
  }
}

function instructionsOf(setup: Wire): string {
  const { systemInstruction: told } = setup;
  return typeof told === 'string'
    ? told
    : objectsAt(optionalObject(setup, 'systemInstruction', 'setup') ?? {}, 'parts')
        .map(part => textAt(part, 'text'))
        .join('\n');
}

function voiceOf(config: Wire): string | undefined {
  const speech = camelNames(objectAt(config, 'speechConfig') ?? {});
  const voice = camelNames(objectAt(speech, 'voiceConfig') ?? {});
  const prebuilt = camelNames(objectAt(voice, 'prebuiltVoiceConfig') ?? {});
  return optionalText(prebuilt, 'voiceName', 'setup.generationConfig.speechConfig');
}

function activityOf(input: Wire): LiveActivity | null {
  const path = 'setup.realtimeInputConfig.automaticActivityDetection';
  const { automaticActivityDetection: given } = input;
  const detection = isObject(given) ? camelNames(given) : {};
  return detection['disabled'] === true
    ? null
    : withoutUndefined<LiveActivity>({
        silenceMs: optionalNumberUpTo(LONGEST_ACTIVITY_MS, detection, 'silenceDurationMs', path),
        prefixMs: optionalNumberUpTo(LONGEST_ACTIVITY_MS, detection, 'prefixPaddingMs', path),
        interrupts: input['activityHandling'] !== 'NO_INTERRUPTION',
        answers: true,
      });
}
