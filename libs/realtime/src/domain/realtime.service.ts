import { Injectable } from '@nestjs/common';
import {
  geminiLive,
  greetTranscription,
  handlesOfSetup,
  type LiveDialect,
  modelOfSetup,
  openAiRealtime,
  transcriberOf,
} from '@app/dialects';
import { CallerLeftError, closeBroken } from '@app/inference';
import type { PlannedCall } from '@app/routing';
import {
  type Call,
  Config,
  explainDepth,
  GatewayError,
  InvalidRequestError,
  Secrets,
  within,
  WorkUnderWay,
} from '@app/shared';
import { WebSocket } from 'ws';
import { closeOf, hangUp } from './closes.js';
import { LiveErrand, LiveParts, type LiveTrip } from './live-errand.js';
import { type LiveRoad, LiveRoads } from './live-roads.js';
import { REALTIME_ENDPOINT } from './live-turns.js';
import { parsed, readMessage } from './messages.js';
import { NoSetupError } from './realtime.errors.js';
import { SessionRoad } from './resume/session-road.js';
import { SessionHandles } from './session-handles.js';
import { SessionTerms } from './session-terms.js';

const SETUP_MS = 10_000;

type PlanBody = Readonly<Record<string, unknown>>;
type Opening = Pick<LiveTrip, 'call' | 'caller'>;

/** Sessions in which caller and model both say when they like. */
@Injectable()
export class RealtimeService {
  private readonly running = new WorkUnderWay();

  constructor(
    private readonly roads: LiveRoads,
    private readonly parts: LiveParts,
    private readonly config: Config,
    private readonly secrets: Secrets,
  ) {}

  /** Resolves when no session is left whose records are not written. */
  idle(): Promise<void> {
    return this.running.idle();
  }

  /**
   * A session in OpenAI's protocol. Resolves when it is over.
   *
   * @param query of its address: `model`, or `intent=transcription`
   * @throws GatewayError when it did not begin; it is metered all the same
   */
  openAi(opening: Opening, query: URLSearchParams): Promise<void> {
    const terms = SessionTerms.of(opening.call);
    const isTranscription = terms?.isTranscription ?? query.get('intent') === 'transcription';
    const named = query.get('model') ?? terms?.model ?? null;
    const isGreeted = isTranscription && named === null;
    const meant = { ...opening, dialect: openAiRealtime, isTranscription, isGreeted };
    const running = this.run(meant, () => {
      terms?.assertQuery(query);
      if (query.has('call_id')) {
        throw new InvalidRequestError(
          'Sessions of telephone calls are not served here. Say a `model`.',
          'call_id',
        );
      }
      if (isGreeted) {
        return this.transcriber(opening);
      }
      if (named === null || named === '') {
        throw new InvalidRequestError('The address names no `model`. Add `?model=gpt-realtime`.', 'model');
      }
      return named;
    });
    return isGreeted ? told(opening, openAiRealtime, running) : running;
  }

  /** A session in Gemini's protocol, whose first message names the model: who is refused then is told by a close. As `openAi`. */
  async gemini(opening: Opening): Promise<void> {
    const { call, caller } = opening;
    const { inbox } = await caller.accept({ 'x-request-id': call.id });
    const meant = { ...opening, dialect: geminiLive, isTranscription: false, isGreeted: false };
    const running = this.run(meant, async () => {
      await within(SETUP_MS, inbox.filled()).catch(() => undefined);
      const said = inbox.first ? readMessage(inbox.first.data) : {};
      const model = modelOfSetup(said);
      if (model === '') {
        throw new NoSetupError();
      }
      SessionTerms.of(call)?.assertSetup(model);
      const handles = this.handlesOf(call);
      handlesOfSetup(said).forEach(handle => handles.own(handle)); // before a vendor is asked
      return model;
    });
    return told(opening, geminiLive, running);
  }

  /**
   * OpenAI's clients name the model that writes down what is said in their first message, once they are greeted. Whoever says something
   * else, or nothing, has the usual one.
   */
  private async transcriber({ call, caller }: Opening): Promise<string> {
    const [first = ''] = this.config.realtimeTranscriber.split(',');
    const usual = call.defaultTranscriptionModel ?? first;
    const { socket, inbox } = await caller.accept({ 'x-request-id': call.id });
    for (const message of greetTranscription({ sessionId: call.id, model: usual })) {
      socket.send(JSON.stringify(message));
    }
    await within(SETUP_MS, inbox.filled()).catch(() => undefined);
    if (socket.readyState !== WebSocket.OPEN) {
      throw new CallerLeftError();
    }
    const said = inbox.first && parsed(inbox.first.data);
    return (said && transcriberOf(said)) || usual;
  }

  /** Where the gateway itself chose who writes down what is said, its other choices, too. */
  private othersOf({ isTranscription }: Pick<LiveTrip, 'isTranscription'>, model: string): PlanBody {
    const [first, ...models] = this.config.realtimeTranscriber.split(',');
    return isTranscription && model === first && models.length > 0 ? { models } : {};
  }

  private handlesOf({ projectId }: Call): SessionHandles {
    return new SessionHandles(this.secrets, projectId);
  }

  private run(...how: Parameters<RealtimeService['talk']>): Promise<void> {
    const running = this.talk(...how);
    this.running.add(running);
    return running;
  }

  private async talk(
    meant: Omit<LiveTrip, 'meter' | 'modelAsked' | 'limitMs' | 'handles'>,
    modelOf: () => string | Promise<string>,
  ): Promise<void> {
    const { call } = meant;
    const meter = this.parts.metering.open(call, REALTIME_ENDPOINT);
    meter.stream = true;
    try {
      const model = await modelOf();
      meter.modelAsked = model;
      const planned = await this.roads.planner.plan({
        call,
        model,
        body: this.othersOf(meant, model),
        stream: true,
        countInput: () => 0,
      });
      meter.decision = planned.decision;
      meter.attemptsMade = planned.attempts;
      if (planned.refusal) {
        throw planned.refusal;
      }
      const handles = this.handlesOf(call);
      const trip = { ...meant, meter, modelAsked: model, limitMs: this.config.realtimeSessionMs, handles };
      const road = this.roads.roadOf(trip, planned.routes);
      await this.open(trip, planned, road);
    } catch (error) {
      throw await closeBroken({ call }, meter, explainDepth(error), null);
    }
  }

  /** With a vendor that has sessions; where none opens it, with the gateway. */
  private async open(trip: LiveTrip, all: PlannedCall, { routes, held }: LiveRoad): Promise<void> {
    if (routes.length > 0) {
      const planned = { ...all, routes, options: { ...all.options, hedge: false } }; // nobody opens two sessions to have one
      const errand = new LiveErrand(this.parts, trip, planned);
      try {
        return await new SessionRoad(this.roads.executor, planned, errand).run();
      } catch (error) {
        if (!held || errand.goesOn || !(error instanceof GatewayError) || isOfCaller(error)) {
          throw error;
        }
      }
    }
    await held?.();
  }
}

/** Who is accepted is told in the session why it ends before it has begun. */
async function told({ caller }: Opening, { writeError }: LiveDialect, running: Promise<void>): Promise<void> {
  try {
    await running;
  } catch (error) {
    if (!caller.isAccepted) {
      throw error;
    }
    const { socket, inbox } = await caller.accept({});
    if (!(error instanceof GatewayError)) {
      socket.terminate();
      throw error;
    }
    const event = writeError(error);
    if (event !== null) {
      socket.send(event);
    }
    inbox.listen(() => undefined); // else it never hears the answer to the close
    hangUp(socket, closeOf(error), error.message);
  }
}

/** Another model would not have it otherwise: the request is wrong, there is no money, or nobody is there any more. */
function isOfCaller({ status }: GatewayError): boolean {
  return status === 400 || status === 402 || status === 499;
}
