import { field } from '../gemini/fields.js';
import { refuseUnknown } from '../gemini/check-request.js';
import type { Json, JsonObject } from '../json.js';
import { asList, asNumber, asObject, asText } from '../json.js';
import { Refusal, require400 } from '../refusal.js';
import type { VoiceSettings } from '../realtime/voice-activity.js';
import { words } from '../words.js';

const KNOWN = words(
  `model generationConfig systemInstruction tools toolConfig realtimeInputConfig sessionResumption
  contextWindowCompression inputAudioTranscription outputAudioTranscription proactivity explicitVadSignal
  historyConfig safetySettings avatarConfig translationConfig`,
);

/** What the first message of a session says. */
export interface Setup {
  /** Without `models/`. */
  readonly model: string;
  /** As it came. */
  readonly body: JsonObject;
  readonly isSpoken: boolean;
  readonly tellsInput: boolean;
  readonly tellsOutput: boolean;
  /** Undefined when the client says itself when it speaks. */
  readonly voice: VoiceSettings | undefined;
  /** Speech does not interrupt. */
  readonly isPatient: boolean;
  /** Whether handles of the session are asked for, and the one it goes on from. */
  readonly resumption: { readonly handle: string } | undefined;
}

/** @throws Refusal when Google would not take it */
export function readSetup(body: JsonObject): Setup {
  refuseUnknown(body, KNOWN, 'setup');
  const model = asText(body.model).replace(/^(.*\/)?models\//, '');
  require400(model !== '', 'Request contains an invalid argument: setup.model is required.');
  if (model === 'no-such-model') {
    const message = `models/${model} is not found for API version v1beta, or is not supported for bidiGenerateContent.`;
    throw new Refusal(404, message);
  }
  const modalities = asList(field(field(body, 'generationConfig'), 'responseModalities'));
  require400(
    modalities.length <= 1,
    'Request contains an invalid argument: one response modality at a time.',
  );
  const resumption = field(body, 'sessionResumption');
  const input = field(body, 'realtimeInputConfig');
  return {
    model,
    body,
    isSpoken: modalities[0] !== 'TEXT',
    tellsInput: field(body, 'inputAudioTranscription') !== undefined,
    tellsOutput: field(body, 'outputAudioTranscription') !== undefined,
    voice: voiceSettings(field(input, 'automaticActivityDetection')),
    isPatient: field(input, 'activityHandling') === 'NO_INTERRUPTION',
    resumption: resumption === undefined ? undefined : { handle: asText(asObject(resumption).handle) },
  };
}

function voiceSettings(detection: Json | undefined): VoiceSettings | undefined {
  return field(detection, 'disabled') === true
    ? undefined
    : {
        threshold: 0.5,
        silenceMs: asNumber(field(detection, 'silenceDurationMs')) ?? 500,
        prefixMs: asNumber(field(detection, 'prefixPaddingMs')) ?? 20,
      };
}
