/**
 * Endpoints at which vendors make keys for browsers, or open sessions of telephones and browsers: what is done with those
 * passes by the gateway, its budgets and its ledger. OpenAI, Azure and xAI; Google; ElevenLabs; Deepgram.
 */
const KEY_MAKING =
  /\/realtime\/(?:client_secrets|sessions|transcription_sessions|calls)(?:\/|$)|\/auth_?tokens(?:\/|$)|\/single-use-token(?:\/|$)|\/auth\/grant(?:\/|$)/i;
const DEPTH = 3;

/** Whether a path, below a vendor's base URL, makes a key or opens what nobody would count. */
export function makesKeys(path: string): boolean {
  let read = path;
  for (let depth = 0; depth < DEPTH; depth += 1) {
    if (KEY_MAKING.test(read)) {
      return true;
    }
    read = decoded(read);
  }
  return false;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // no server reads it as anything else
  }
}
