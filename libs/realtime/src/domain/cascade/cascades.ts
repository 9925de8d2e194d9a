import { Injectable } from '@nestjs/common';
import type { Losses } from '@app/dialects';
import type { Route } from '@app/routing';
import { Config } from '@app/shared';
import { TURN_TOKENS } from '../live-turns.js';
import { Cascade } from './cascade.js';
import { type HeldTrip, HeldSessions, mostSpeechBytes, openTo } from './held-sessions.js';
import { InnerCalls, InnerServices } from './inner-calls.js';
import type { CascadeCaller } from './other-end.js';

/** Of a model of which nobody knows how much it reads. */
const USUAL_CONTEXT_TOKENS = 128_000;
/** For what is said, besides what is answered, and what the estimate is wrong by. */
const CONTEXT_SHARE = 0.75;
/** Of what is said again with each question, in a session: pictures. */
const MOST_CONVERSATION_BYTES = 16 * 1024 * 1024;
/** What a body has besides the conversation. */
const ROOM_BYTES = 64 * 1024;

/** Whether a text model answers there, which does not hear and speak itself. */
export function isTextRoute({ vendor, target: { traits } }: Route): boolean {
  const { output, talks } = traits;
  if (vendor.tasksOnly) {
    return false;
  }
  return vendor.live ? output?.join() === 'text' : (output?.includes('text') ?? talks !== false);
}

/** Sessions with text models: what is said to them is written down, and what they write is spoken. */
@Injectable()
export class Cascades {
  constructor(
    private readonly services: InnerServices,
    private readonly sessions: HeldSessions,
    private readonly config: Config,
  ) {}

  /**
   * Resolves when the session is over, and on record.
   *
   * @param routes of text models, at least one
   * @throws GatewayError (403) when none of them is open to the call
   */
  run(trip: HeldTrip, routes: readonly [Route, ...Route[]]): Promise<void> {
    const route = openTo(trip.call, routes);
    return this.sessions.hold(trip, route, {
      side: parts => trip.dialect.callerSide(parts),
      other: heard => this.cascade(trip, route, heard),
    });
  }

  /** The other end of a session with that model. */
  cascade(
    { call, modelAsked }: Pick<HeldTrip, 'call' | 'modelAsked'>,
    { target }: Route,
    told: { readonly caller: CascadeCaller; readonly losses: Losses },
  ): Cascade {
    const { realtimeTranscriber, realtimeSpeaker, realtimeVoice } = this.config;
    const context = target.traits.contextTokens ?? USUAL_CONTEXT_TOKENS;
    return new Cascade({
      ...told,
      calls: new InnerCalls(this.services, call, 'write'),
      model: modelAsked,
      isStrict: call.strict,
      mostAnswerTokens: Math.min(TURN_TOKENS, target.traits.maxOutputTokens ?? TURN_TOKENS),
      transcriber: call.defaultTranscriptionModel ?? realtimeTranscriber,
      speaker: { model: realtimeSpeaker, usualVoice: realtimeVoice },
      most: {
        tokens: Math.floor(context * CONTEXT_SHARE),
        bytes: Math.min(MOST_CONVERSATION_BYTES, call.bodyLimitBytes - ROOM_BYTES),
      },
      mostSpeechBytes: mostSpeechBytes(call),
    });
  }
}
