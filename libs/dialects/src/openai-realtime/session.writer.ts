import type { CrossingParts, LiveActivity, LiveSettings } from '../domain/live-crossing.js';
import type { Target } from '../domain/dialect.js';
import type { Losses } from '../domain/losses.js';
import type { Wire } from '../domain/wire.js';
import { writeTools } from '../openai-responses/tools.writer.js';
import { isOpenAiVoice } from './voices.js';

export const RATE = 24_000;
const PCM = { type: 'audio/pcm', rate: RATE };
/** It writes down what the caller says, where that is wanted. */
const TRANSCRIBER = 'gpt-4o-mini-transcribe';
const MOST_OUTPUT_TOKENS = 4096;

/** `session` of a `session.update`. */
export function writeSession(settings: LiveSettings, parts: CrossingParts, losses: Losses): Wire {
  const { instructions, isSpoken, maxOutputTokens, temperature } = settings;
  const { sessions } = parts.target.quirks;
  const detection = detectionOf(settings.activity);
  if (temperature !== undefined) {
    losses.dropped('setup.generationConfig.temperature', "OpenAI's sessions have none.");
  }
  return {
    type: 'realtime',
    output_modalities: [isSpoken ? 'audio' : 'text'],
    ...(instructions !== '' && { instructions }),
    ...(maxOutputTokens !== undefined && {
      max_output_tokens: maxOutputTokens > MOST_OUTPUT_TOKENS ? 'inf' : maxOutputTokens,
    }),
    ...toolsOf(settings, parts.target, losses),
    ...(sessions?.detectionBesideAudio && { turn_detection: detection ?? { type: null } }),
    audio: {
      input: {
        format: PCM,
        ...(!sessions?.detectionBesideAudio && { turn_detection: detection }),
        ...transcriptionOf(settings, parts, losses),
      },
      output: { format: PCM, ...voiceOf(settings, losses) },
    },
  };
}

function transcriptionOf(
  { hearsWords, language }: LiveSettings,
  { allows, target }: CrossingParts,
  losses: Losses,
): Wire {
  const model = target.quirks.sessions?.transcriber ?? TRANSCRIBER;
  if (!hearsWords) {
    return {};
  }
  if (!allows(model)) {
    losses.dropped('setup.inputAudioTranscription', `This key may not use the model '${model}'.`);
    return {};
  }
  return { transcription: { model, ...(language !== undefined && { language }) } };
}

function toolsOf({ tools }: LiveSettings, target: Target, losses: Losses): Wire {
  const written = writeTools(tools, { target, losses, own: false });
  const list = written['tools'];
  return Array.isArray(list)
    ? { ...written, tools: list.map(({ strict: _strict, ...tool }: Wire) => tool) } // sessions know no `strict`
    : written;
}

function detectionOf(activity: LiveActivity | null): Wire | null {
  if (!activity) {
    return null;
  }
  const { silenceMs, prefixMs, interrupts, answers } = activity;
  return {
    type: 'server_vad',
    ...(silenceMs !== undefined && { silence_duration_ms: silenceMs }),
    ...(prefixMs !== undefined && { prefix_padding_ms: prefixMs }),
    create_response: answers,
    interrupt_response: interrupts,
  };
}

function voiceOf({ voice }: LiveSettings, losses: Losses): Wire {
  if (voice === undefined) {
    return {};
  }
  if (!isOpenAiVoice(voice)) {
    losses.approximated(
      'setup.generationConfig.speechConfig',
      `OpenAI has no voice '${voice}': it speaks with its own. Name one of OpenAI's, such as 'marin'.`,
    );
    return {};
  }
  return { voice: voice.toLowerCase() };
}
