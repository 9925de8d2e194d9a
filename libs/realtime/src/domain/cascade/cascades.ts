import { Injectable } from '@nestjs/common';
import type { CallMeter } from '@app/analytics';
import { type LiveDialect, Losses } from '@app/dialects';
import { admit, OpenStreams } from '@app/inference';
import { allowsRoute, type Route } from '@app/routing';
import { type Call, Config } from '@app/shared';
import type { CallerSocket } from '../caller-socket.js';
import { crossingParts } from '../crossing.js';
import { SessionNames } from '../session-names.js';
import { acceptCaller } from '../session-terms.js';
import { Cascade, type CascadeCaller } from './cascade.js';
import { CascadeSession } from './cascade-session.js';
import { InnerCalls, InnerServices } from './inner-calls.js';

const SWITCHING = 101;
/** Of a model of which nobody knows how much it reads. */
const USUAL_CONTEXT_TOKENS = 128_000;
/** For what is said, besides what is answered, and what the estimate is wrong by. */
const CONTEXT_SHARE = 0.75;
/** Of what is said again with each question, in a session: pictures. */
const MOST_CONVERSATION_BYTES = 16 * 1024 * 1024;
/** Three minutes at the highest rate. */
const MOST_SPEECH_BYTES = 180 * 48_000 * 2;
/** What a body has besides the conversation, and a recording besides its samples. */
const ROOM_BYTES = 64 * 1024;
const WAV_HEADER_BYTES = 44;

export interface CascadeTrip {
  readonly call: Call;
  /** Of the session itself, which costs nothing. */
  readonly meter: CallMeter;
  readonly caller: CallerSocket;
  readonly dialect: LiveDialect;
  readonly modelAsked: string;
}

/** Whether a text model answers there, which does not hear and speak itself. */
export function isTextRoute({ vendor, target: { traits } }: Route): boolean {
  const { output } = traits;
  return !vendor.tasksOnly && (vendor.live ? output?.join() === 'text' : (output?.includes('text') ?? true));
}

/** Sessions with text models: what is said to them is written down, and what they write is spoken. */
@Injectable()
export class Cascades {
  constructor(
    private readonly services: InnerServices,
    private readonly streams: OpenStreams,
    private readonly config: Config,
  ) {}

  /**
   * Resolves when the session is over, and on record.
   *
   * @param routes of text models, at least one
   * @throws GatewayError (403) when none of them is open to the call
   */
  async run(trip: CascadeTrip, routes: readonly [Route, ...Route[]]): Promise<void> {
    const { call, meter, dialect, modelAsked } = trip;
    const route = routes.find(each => allowsRoute(call.permission, each)) ?? routes[0];
    admit({ call, meter }, route);
    meter.isFree = true;
    const headers = { 'x-request-id': call.id, 'x-llmhub-provider': route.vendor.id };
    const accepted = await acceptCaller(trip, headers);
    const losses = new Losses();
    const session = new CascadeSession(accepted, {
      dialect,
      side: dialect.callerSide({ ...crossingParts(trip, route), losses, tellsWholeSpeeches: true }),
      losses,
      names: new SessionNames({ call, route, modelAsked }, false),
      messageLimitBytes: call.bodyLimitBytes,
      limitMs: this.config.realtimeSessionMs,
      cascade: heard => this.cascade(trip, route, { caller: heard, losses }),
    });
    this.streams.add(session);
    try {
      const { outcome, errorCode } = await session.run();
      await meter.close({ status: SWITCHING, outcome, errorCode });
    } finally {
      this.streams.delete(session);
    }
  }

  /** The other end of a session with that model. */
  cascade(
    { call, modelAsked }: Pick<CascadeTrip, 'call' | 'modelAsked'>,
    { target }: Route,
    told: { readonly caller: CascadeCaller; readonly losses: Losses },
  ): Cascade {
    const { realtimeTranscriber, realtimeSpeaker, realtimeVoice } = this.config;
    const context = target.traits.contextTokens ?? USUAL_CONTEXT_TOKENS;
    return new Cascade({
      ...told,
      calls: new InnerCalls(this.services, call),
      model: modelAsked,
      isStrict: call.strict,
      transcriber: call.defaultTranscriptionModel ?? realtimeTranscriber,
      speaker: { model: realtimeSpeaker, usualVoice: realtimeVoice },
      most: {
        tokens: Math.floor(context * CONTEXT_SHARE),
        bytes: Math.min(MOST_CONVERSATION_BYTES, call.bodyLimitBytes - ROOM_BYTES),
      },
      mostSpeechBytes: Math.min(MOST_SPEECH_BYTES, call.fileLimitBytes - WAV_HEADER_BYTES),
    });
  }
}
