import { Losses, type SpeechVendor, type StreamReader } from '@app/dialects';
import type { Leg, ParsedBody } from '@app/inference';
import type { Route } from '@app/routing';
import type { Call } from '@app/shared';
import type { SpeechRequest } from './speech.request.js';

/** Of OpenAI's request; all others are the vendor's own. */
const KNOWN: ReadonlySet<string> = new Set(
  'model input voice instructions response_format speed stream_format'.split(' '),
);

export interface SpokenSpeech extends Pick<Leg, 'path' | 'headers' | 'body' | 'losses'> {
  /** It comes as bare samples, of which a WAV is to be made. */
  readonly isBare: boolean;
  /** Of a vendor that tells the sound in events, for one answer; null: it answers with the sound as it is. */
  readonly reader: () => StreamReader | null;
}

/**
 * What the caller wants spoken, as a vendor takes it that has an endpoint of its own.
 *
 * @throws UnsupportedFieldsError (400) naming what the vendor cannot do
 */
export function speakInItsWords(
  {
    call,
    body,
    request,
  }: { readonly call: Call; readonly body: ParsedBody; readonly request: SpeechRequest },
  { target }: Route,
  vendor: SpeechVendor,
): SpokenSpeech {
  const losses = new Losses();
  const others = Object.fromEntries(Object.entries(body.json).filter(([name]) => !KNOWN.has(name)));
  const written = vendor.writeRequest({ ...request.plain, others }, target, losses);
  losses.assertAcceptable(target.vendor, call.strict);
  return {
    path: written.path,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(written.body),
    losses: losses.list,
    isBare: written.isBare === true,
    reader: () => vendor.streamReader?.(target) ?? null,
  };
}
