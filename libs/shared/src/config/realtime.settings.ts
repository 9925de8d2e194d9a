import { Transform } from 'class-transformer';
import { IsInt, IsNotEmpty, Matches, Max, Min } from 'class-validator';
import { toInteger } from './config.values.js';
import { KeepingSettings } from './keeping.settings.js';
import { Setting } from './setting.decorator.js';

const MAX_TIMER_MS = 2 ** 31 - 1;
/** With a vendor: a bare name may mean another one some day. Several: the first choice first. */
const MODELS = /^[^/\s,]+\/[^\s,]+(?:,[^/\s,]+\/[^\s,]+)*$/;

/** Sessions in which both sides say when they like. */
export class RealtimeSettings extends KeepingSettings {
  /** How long a realtime session lasts at most, in ms. */
  @Setting('AI_GATEWAY_REALTIME_SESSION_MS', 'a whole number of ms, at least 1000')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(1000)
  @Max(MAX_TIMER_MS)
  readonly realtimeSessionMs: number = 3_600_000;

  /** Writes down what is said, where neither caller nor project names another one: the first that does, of a list. */
  @Setting(
    'AI_GATEWAY_REALTIME_TRANSCRIBER',
    'vendors and their models, such as openai/gpt-4o-mini-transcribe,groq/whisper-large-v3',
  )
  @Matches(MODELS)
  readonly realtimeTranscriber: string = 'openai/gpt-4o-mini-transcribe';

  /** Speaks what text models write: the first that does, of a list. */
  @Setting(
    'AI_GATEWAY_REALTIME_SPEAKER',
    'vendors and their models, such as openai/gpt-4o-mini-tts,openai/tts-1',
  )
  @Matches(MODELS)
  readonly realtimeSpeaker: string = 'openai/gpt-4o-mini-tts';

  /** Its voice, where the caller names none that it knows. */
  @Setting('AI_GATEWAY_REALTIME_VOICE', 'a name that the speaker knows, such as alloy')
  @IsNotEmpty()
  readonly realtimeVoice: string = 'alloy';

  /** How long one of these may be silent before the next is asked, in ms; who hears a speech has its length besides. */
  @Setting('AI_GATEWAY_REALTIME_SILENCE_MS', 'a whole number of ms, at least 100')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(100)
  @Max(MAX_TIMER_MS)
  readonly realtimeSilenceMs: number = 10_000;
}
