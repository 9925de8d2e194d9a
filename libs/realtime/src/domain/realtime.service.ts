import { Injectable } from '@nestjs/common';
import { geminiLive, type LiveDialect, modelOfSetup, openAiRealtime } from '@app/dialects';
import { closeBroken } from '@app/inference';
import { Executor, type Route, RoutePlanner } from '@app/routing';
import { Config, explainDepth, GatewayError, InvalidRequestError, within, WorkUnderWay } from '@app/shared';
import { Cascades, isTextRoute } from './cascade/cascades.js';
import { closeOf, hangUp } from './closes.js';
import { LiveErrand, LiveParts, type LiveTrip } from './live-errand.js';
import { REALTIME_ENDPOINT } from './live-turns.js';
import { readMessage } from './messages.js';
import { NoLiveModelError, NoSetupError } from './realtime.errors.js';
import { SessionTerms } from './session-terms.js';

/** It writes down what is said; which model does, is told in the session. */
const TRANSCRIBER = 'gpt-4o-transcribe';
const SETUP_MS = 10_000;

type Opening = Pick<LiveTrip, 'call' | 'caller'>;

/** Where sessions go. */
@Injectable()
export class LiveRoads {
  constructor(
    readonly planner: RoutePlanner,
    readonly executor: Executor,
  ) {}
}

/** Sessions in which caller and model both say when they like. */
@Injectable()
export class RealtimeService {
  private readonly running = new WorkUnderWay();

  constructor(
    private readonly roads: LiveRoads,
    private readonly parts: LiveParts,
    private readonly cascades: Cascades,
    private readonly config: Config,
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
    const modelAsked = query.get('model') ?? terms?.model ?? (isTranscription ? TRANSCRIBER : '');
    const meant = { ...opening, dialect: openAiRealtime, isTranscription };
    return this.run(meant, () => {
      terms?.assertQuery(query);
      if (query.has('call_id')) {
        throw new InvalidRequestError(
          'Sessions of telephone calls are not served here. Say a `model`.',
          'call_id',
        );
      }
      if (modelAsked === '') {
        throw new InvalidRequestError('The address names no `model`. Add `?model=gpt-realtime`.', 'model');
      }
      return modelAsked;
    });
  }

  /** A session in Gemini's protocol, whose first message names the model: who is refused then is told by a close. As `openAi`. */
  async gemini(opening: Opening): Promise<void> {
    const { call, caller } = opening;
    const { socket, inbox } = await caller.accept({ 'x-request-id': call.id });
    try {
      await this.run({ ...opening, dialect: geminiLive, isTranscription: false }, async () => {
        await within(SETUP_MS, inbox.filled()).catch(() => undefined);
        const model = inbox.first ? modelOfSetup(readMessage(inbox.first.data)) : '';
        if (model === '') {
          throw new NoSetupError();
        }
        SessionTerms.of(call)?.assertSetup(model);
        return model;
      });
    } catch (error) {
      if (!(error instanceof GatewayError)) {
        socket.terminate();
        throw error;
      }
      inbox.listen(() => undefined); // else it never hears the answer to the close
      hangUp(socket, closeOf(error), error.message);
    }
  }

  private run(...how: Parameters<RealtimeService['talk']>): Promise<void> {
    const running = this.talk(...how);
    this.running.add(running);
    return running;
  }

  private async talk(
    meant: Omit<LiveTrip, 'meter' | 'modelAsked' | 'limitMs'>,
    modelOf: () => string | Promise<string>,
  ): Promise<void> {
    const { call, dialect, isTranscription } = meant;
    const meter = this.parts.metering.open(call, REALTIME_ENDPOINT);
    meter.stream = true;
    try {
      const model = await modelOf();
      meter.modelAsked = model;
      const planned = await this.roads.planner.plan({
        call,
        model,
        body: {},
        stream: true,
        countInput: () => 0,
      });
      meter.decision = planned.decision;
      if (planned.refusal) {
        throw planned.refusal;
      }
      const trip = { ...meant, meter, modelAsked: model, limitMs: this.config.realtimeSessionMs };
      const routes = planned.routes.filter(isTranscription ? speaks(dialect) : isLiveRoute);
      const [first, ...others] = isTranscription ? [] : planned.routes.filter(isTextRoute);
      if (routes.length === 0 && first) {
        return await this.cascades.run(trip, [first, ...others]);
      }
      if (routes.length === 0) {
        throw new NoLiveModelError(model);
      }
      const options = { ...planned.options, hedge: false }; // nobody opens two sessions to have one
      await this.roads.executor.run({ ...planned, routes, options }, new LiveErrand(this.parts, trip));
    } catch (error) {
      throw await closeBroken({ call }, meter, explainDepth(error), null);
    }
  }
}

function speaks(dialect: LiveDialect): (route: Route) => boolean {
  return ({ vendor }) => vendor.live === dialect;
}

/** Its model hears and speaks itself. */
function isLiveRoute(route: Route): boolean {
  return route.vendor.live !== undefined && !isTextRoute(route);
}
