import { readingsOf } from '@app/providers';

/**
 * Endpoints at which vendors make keys for browsers, or open sessions of telephones and browsers: what is done with those
 * passes by the gateway, its budgets and its ledger. OpenAI, Azure and xAI; Google; ElevenLabs; Deepgram.
 */
const KEY_MAKING =
  /\/(?:realtime|live|chatkit)\/(?:[\w-]+\/)?(?:client_secrets|sessions|transcription_sessions|calls)(?:\/|$)|\/auth_?tokens(?:\/|$)|\/single-use-token(?:\/|$)|\/auth\/grant(?:\/|$)|\/convai\/(?:[\w-]+\/)*(?:get[-_]signed[-_]url|token)(?:\/|$)/i;

/** Whether a path, below a vendor's base URL, makes a key or opens what nobody would count. */
export function makesKeys(path: string): boolean {
  return readingsOf(path).some(reading => KEY_MAKING.test(reading));
}
