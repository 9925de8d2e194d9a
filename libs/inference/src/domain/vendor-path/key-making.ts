import { readingsOf } from '@app/providers';

/**
 * Endpoints at which vendors make keys for browsers, or open sessions of telephones and browsers: what is done with those
 * passes by the gateway, its budgets and its ledger.
 */
const KEY_MAKING = [
  // OpenAI, Azure and xAI
  /\/(?:realtime|live|chatkit)\/(?:[\w-]+\/)?(?:client_secrets|sessions|transcription_sessions|calls)(?:\/|$)/i,
  /\/auth_?tokens(?:\/|$)/i, // Google
  /\/single-use-token(?:\/|$)/i, // ElevenLabs
  /\/convai\/(?:[\w-]+\/)*(?:get[-_]signed[-_]url|token)(?:\/|$)/i,
  /\/auth\/grant(?:\/|$)/i, // Deepgram
];

/** Whether a path, below a vendor's base URL, makes a key or opens what nobody would count. */
export function makesKeys(path: string): boolean {
  return readingsOf(path).some(reading => KEY_MAKING.some(endpoint => endpoint.test(reading)));
}
