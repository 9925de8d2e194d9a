import { Injectable } from '@nestjs/common';
import type { CallMeter } from '@app/analytics';
import { estimateTokens, type StreamReader } from '@app/dialects';
import {
  admitBody,
  annotation,
  type CallerReply,
  type Exchange,
  isEventStream,
  type Leg,
  malformed,
  mostOfSound,
  OpenStreams,
  type ParsedBody,
  parseBody,
  type StreamFraming,
  StreamRelay,
  type StreamTransform,
  TaskRoads,
  withoutMembers,
} from '@app/inference';
import { PriceBook, type VendorResponse } from '@app/providers';
import type { Route } from '@app/routing';
import { type Call, type GatewayError, spliceMembers } from '@app/shared';
import { AudioVendors } from './audio-vendors.js';
import { EventlessFraming, SoundFraming } from './sound.framing.js';
import { speakInItsWords, type SpokenSpeech } from './own.speech.js';
import {
  EventedSound,
  SoundEvents,
  soundless,
  SoundStream,
  SpeechEvents,
  ToldSoundStream,
  WavStream,
} from './sound.stream.js';
import { readSpeechRequest, type SpeechRequest } from './speech.request.js';
import { estimateSpeech, SpokenUsage } from './spoken-usage.js';

/** What a 200 has that is an error in disguise, or a page of a proxy. */
const NO_SOUND = /^(?:text\/|application\/(?:[\w.+-]+\+)?(?:json|xml)\b)/i;

export interface SpeechInput {
  readonly call: Call;
  readonly meter: CallMeter;
  /** JSON. */
  readonly body: Buffer;
  readonly reply: CallerReply;
}

/** Text to speech, at OpenAI's endpoint or in the vendor's own way. The sound reaches the caller as it is made, at the caller's pace. */
@Injectable()
export class SpeechService {
  constructor(
    private readonly roads: TaskRoads,
    private readonly streams: OpenStreams,
    private readonly vendors: AudioVendors,
    private readonly prices: PriceBook,
  ) {}

  /** @throws GatewayError when it failed before the first byte of the sound */
  async run({ call, meter, body: bytes, reply }: SpeechInput): Promise<void> {
    const body = parseBody(bytes, call);
    const request = readSpeechRequest(body.json);
    await this.roads.run({
      call,
      meter,
      reply,
      model: body.model,
      stream: true,
      fields: body.json,
      inputTokens: estimateTokens(request.text.length),
      offers: ({ vendor }) => this.vendors.offers(vendor, 'speech'),
      prepare: (route, ownMembers) => {
        const path = this.vendors.pathAt(route.vendor, 'speech');
        const theirs = withoutMembers(body, ownMembers);
        admitBody({ call, meter }, route, theirs);
        const own = route.vendor.tasks?.speech;
        return own
          ? this.prepareOwn(speakInItsWords({ call, body: theirs, request }, route, own), request)
          : this.prepare(path, route, { body: theirs, request });
      },
      most: () => mostOfSound(request.characters, body.bytes.length),
      spent: () => estimateSpeech(request, 0),
    });
  }

  /** Sound alone tells no usage: where the model can tell it in events, it is asked for these, and the sound is taken out of them. */
  private prepare(
    path: string,
    { vendor, target }: Route,
    { body, request }: { readonly body: ParsedBody; readonly request: SpeechRequest },
  ): Leg {
    const tellsUsage = vendor.speechInEvents?.test(target.model) === true;
    return {
      path,
      headers: { 'content-type': 'application/json' },
      body: spliceMembers(body.bytes, {
        model: JSON.stringify(target.model),
        ...(tellsUsage && { stream_format: '"sse"' }),
      }),
      losses: [],
      answer: exchange => this.answer(exchange, request),
    };
  }

  private prepareOwn({ isBare, reader, ...asked }: SpokenSpeech, request: SpeechRequest): Leg {
    return {
      ...asked,
      answer: exchange => this.answerOwn(exchange, request, { isBare, reader: reader() }),
    };
  }

  private answerOwn(
    exchange: Exchange,
    request: SpeechRequest,
    { isBare, reader }: { readonly isBare: boolean; readonly reader: StreamReader | null },
  ): Promise<GatewayError | null> {
    const { id } = exchange.route.vendor;
    const usage = this.usageOf(exchange, request);
    if (!reader) {
      assertSound(exchange);
    } else if (!isEventStream(exchange.response)) {
      refuseAnswer(exchange);
    }
    const told = reader ? new ToldSoundStream({ vendor: id, reader }, usage) : new SoundStream(id, usage);
    const sound = isBare ? new WavStream(told) : told;
    if (request.asEvents) {
      const events = new EventedSound(sound, spent => annotation(exchange, spent));
      return this.relay({ ...exchange, framing: undefined }, events);
    }
    return this.relay({ ...exchange, framing: new SoundFraming(request.contentType) }, sound);
  }

  private answer(exchange: Exchange, request: SpeechRequest): Promise<GatewayError | null> {
    const { response } = exchange;
    if (isEventStream(response)) {
      const framing = request.asEvents ? undefined : new EventlessFraming(request.contentType);
      return this.relay({ ...exchange, framing }, this.eventsOf(exchange, request));
    }
    assertSound(exchange);
    if (request.asEvents) {
      exchange.response.abort();
      throw malformed(exchange.route.vendor.id, 'was asked for events and sent sound');
    }
    const framing = new SoundFraming(contentTypeOf(response) ?? request.contentType);
    const sound = new SoundStream(exchange.route.vendor.id, this.usageOf(exchange, request));
    return this.relay({ ...exchange, framing }, sound);
  }

  private eventsOf(exchange: Exchange, request: SpeechRequest): SpeechEvents {
    const { vendor, dialect, target } = exchange.route;
    const Events = request.asEvents ? SpeechEvents : SoundEvents;
    return new Events(
      {
        vendor: vendor.id,
        errors: dialect.streamReader(target),
        annotate: usage => annotation(exchange, usage),
      },
      this.usageOf(exchange, request),
    );
  }

  private usageOf({ call, route: { vendor, target } }: Exchange, request: SpeechRequest): SpokenUsage {
    return new SpokenUsage(request, this.prices.priceOf(vendor.id, target.model, call.receivedAt));
  }

  private relay(
    exchange: Exchange & { readonly framing: StreamFraming | undefined },
    transform: StreamTransform,
  ): Promise<GatewayError | null> {
    return new StreamRelay(exchange, transform, this.streams).run();
  }
}

/** @throws UpstreamError (502): nothing has reached the caller, and another vendor may be asked */
function assertSound(exchange: Exchange): void {
  if (NO_SOUND.test(exchange.response.header('content-type') ?? '')) {
    refuseAnswer(exchange);
  }
}

/** @throws UpstreamError as above */
function refuseAnswer({ response, route }: Exchange): never {
  response.abort();
  throw soundless(route.vendor.id);
}

function contentTypeOf(response: VendorResponse): string | null {
  const type = response.header('content-type') ?? '';
  return /^audio\//i.test(type) ? type : null;
}
