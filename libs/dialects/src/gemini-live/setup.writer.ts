import type { LiveActivity, LiveSettings } from '../domain/live-crossing.js';
import type { Target } from '../domain/dialect.js';
import type { Losses } from '../domain/losses.js';
import type { Wire } from '../domain/wire.js';
import { writeTools } from '../gemini/tools.writer.js';
import { newContext } from '../gemini/write-context.js';
import { isOpenAiVoice } from '../openai-realtime/voices.js';

/** The first message of a session. https://ai.google.dev/api/live#BidiGenerateContentSetup */
export function writeSetup(settings: LiveSettings, target: Target, losses: Losses): Wire {
  const { instructions, isSpoken, hearsWords, tellsWords } = settings;
  return {
    setup: {
      model: `models/${target.model}`,
      generationConfig: generationConfig(settings, losses),
      ...(instructions !== '' && { systemInstruction: { parts: [{ text: instructions }] } }),
      ...toolsOf(settings, target, losses),
      ...inputConfig(settings.activity, losses),
      ...(hearsWords && { inputAudioTranscription: {} }),
      ...(isSpoken && tellsWords && { outputAudioTranscription: {} }),
    },
  };
}

function generationConfig(settings: LiveSettings, losses: Losses): Wire {
  const { isSpoken, maxOutputTokens, temperature } = settings;
  return {
    responseModalities: [isSpoken ? 'AUDIO' : 'TEXT'],
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(temperature !== undefined && { temperature }),
    ...voiceOf(settings, losses),
  };
}

function voiceOf({ voice, isSpoken }: LiveSettings, losses: Losses): Wire {
  if (voice === undefined || !isSpoken) {
    return {};
  }
  if (isOpenAiVoice(voice)) {
    losses.approximated(
      'session.audio.output.voice',
      `Google has no voice '${voice}': it speaks with its own. Name one of Google's, such as 'Puck'.`,
    );
    return {};
  }
  return { speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: voice } } } };
}

/** Sessions have no `toolConfig`. */
function toolsOf({ tools }: LiveSettings, target: Target, losses: Losses): Wire {
  const { choice } = tools;
  if (choice?.kind === 'none') {
    return {};
  }
  if (choice && choice.kind !== 'auto') {
    losses.dropped('session.tool_choice', "Google's sessions choose their tools themselves.");
  }
  const { tools: written } = writeTools({ list: tools.list }, newContext(target, losses, false));
  return written ? { tools: written } : {};
}

function inputConfig(activity: LiveActivity | null, losses: Losses): Wire {
  if (!activity) {
    return { realtimeInputConfig: { automaticActivityDetection: { disabled: true } } };
  }
  const { silenceMs, prefixMs, interrupts, answers } = activity;
  if (!answers) {
    losses.approximated(
      'session.audio.input.turn_detection.create_response',
      'Google answers each speech by itself. Set `turn_detection` to null to say when it is to answer.',
    );
  }
  const detection = {
    ...(silenceMs !== undefined && { silenceDurationMs: silenceMs }),
    ...(prefixMs !== undefined && { prefixPaddingMs: prefixMs }),
  };
  return {
    realtimeInputConfig: {
      ...(Object.keys(detection).length > 0 && { automaticActivityDetection: detection }),
      ...(!interrupts && { activityHandling: 'NO_INTERRUPTION' }),
    },
  };
}
