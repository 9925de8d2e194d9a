import { Injectable } from '@nestjs/common';
import { AudioVendors } from '@app/audio';
import { OpenAiTranscriptionSide } from '@app/dialects';
import type { Route } from '@app/routing';
import { Dictation } from './dictation.js';
import { type HeldTrip, HeldSessions, mostSpeechBytes, openTo } from './held-sessions.js';
import { InnerCalls, InnerServices } from './inner-calls.js';

/** Sessions in which what is said is written down by a model that hears recordings: of any vendor. */
@Injectable()
export class Dictations {
  constructor(
    private readonly services: InnerServices,
    private readonly sessions: HeldSessions,
    private readonly vendors: AudioVendors,
  ) {}

  /** Whether recordings are written down there. What models do that nobody knows is for their vendor to say. */
  hears({ vendor, target: { traits } }: Route): boolean {
    return (
      this.vendors.offers(vendor, 'transcriptions') && traits.talks !== true && traits.audioInput !== false
    );
  }

  /**
   * Resolves when the session is over, and on record.
   *
   * @param routes of models that hear recordings, at least one
   * @throws GatewayError (403) when none of them is open to the call
   */
  run(trip: HeldTrip, routes: readonly [Route, ...Route[]]): Promise<void> {
    const { call, modelAsked } = trip;
    const usual = this.services.config.realtimeTranscriber;
    const transcriber = usual.startsWith(`${modelAsked},`) ? usual : modelAsked; // with the others of the gateway's
    return this.sessions.hold(trip, openTo(call, routes), {
      side: parts => new OpenAiTranscriptionSide(parts),
      other: ({ caller }) =>
        new Dictation({
          calls: new InnerCalls(this.services, call, 'transcribe'),
          caller,
          transcriber,
          mostSpeechBytes: mostSpeechBytes(call),
        }),
    });
  }
}
