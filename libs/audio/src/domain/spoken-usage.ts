import { estimateTokens, type SpeechFormat, type Usage } from '@app/dialects';
import type { Price } from '@app/providers';
import type { SpeechRequest } from './speech.request.js';

/** As OpenAI makes them. */
const TOKENS_PER_SECOND = 20;
/** 24 kHz of 16 bits; compressed, as encoders usually make speech of it. */
const BYTES_PER_SECOND: Readonly<Record<SpeechFormat, number>> = {
  pcm: 48_000,
  wav: 48_000,
  flac: 24_000,
  mp3: 16_000,
  aac: 16_000,
  opus: 8000,
};

/** What a speech uses where its vendor does not tell it. */
export class SpokenUsage {
  constructor(
    private readonly request: SpeechRequest,
    private readonly price: Price | null,
  ) {}

  /**
   * The characters, which are billed however it ends; where the price is by tokens, an estimate of these besides.
   *
   * @param bytes of sound that came so far
   */
  after(bytes: number): Usage {
    const { request, price } = this;
    return price !== null && price.perMillionCharacters !== null
      ? { inputTokens: 0, outputTokens: 0, characters: request.characters }
      : estimateSpeech(request, bytes);
  }
}

/** Of any vendor, whatever it bills by. @param bytes of sound that came */
export function estimateSpeech({ text, characters, plain }: SpeechRequest, bytes: number): Usage {
  const outputTokens = Math.ceil((bytes / BYTES_PER_SECOND[plain.format]) * TOKENS_PER_SECOND);
  return {
    inputTokens: estimateTokens(text.length),
    outputTokens,
    audioOutputTokens: outputTokens,
    characters,
    estimated: true,
  };
}
