import type { JsonObject } from '../json.js';
import { asObject, asText, shown } from '../json.js';
import { require400 } from '../refusal.js';
import { checkModel } from '../tasks/checks.js';

const FORMATS = ['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm'] as const;
export type SoundFormat = (typeof FORMATS)[number];
const MOST_CHARACTERS = 4096;
const [SLOWEST, FASTEST] = [0.25, 4];

export interface SpeechRequest {
  readonly model: string;
  readonly input: string;
  readonly instructions: string;
  readonly format: SoundFormat;
  readonly speed: number;
  readonly asEvents: boolean;
}

export function checkSpeech(body: JsonObject): SpeechRequest {
  const model = checkModel(body);
  const input = asText(body.input);
  require400(input !== '', "Missing required parameter: 'input'.", { param: 'input' });
  require400(
    [...input].length <= MOST_CHARACTERS,
    `String should have at most ${MOST_CHARACTERS} characters`,
    {
      param: 'input',
      code: 'string_above_max_length',
    },
  );
  const voice = asText(body.voice) || asText(asObject(body.voice).id);
  require400(voice !== '', "Missing required parameter: 'voice'.", { param: 'voice' });
  const wanted = body.response_format ?? 'mp3';
  const format = FORMATS.find(known => known === wanted);
  require400(format !== undefined, `Invalid value: '${shown(wanted)}'.`, { param: 'response_format' });
  const speed = body.speed ?? 1;
  const isSpeed = typeof speed === 'number' && speed >= SLOWEST && speed <= FASTEST;
  require400(isSpeed, `Invalid 'speed': expected a number from ${SLOWEST} to ${FASTEST}.`, {
    param: 'speed',
  });
  const asEvents = body.stream_format === 'sse';
  require400(
    !asEvents || model.startsWith('gpt-'),
    `stream_format 'sse' is not supported with model '${model}'.`,
    { param: 'stream_format', code: 'unsupported_value' },
  );
  return { model, input, instructions: asText(body.instructions), format, speed, asEvents };
}
