import { randomUUID } from 'node:crypto';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { AnswerCache } from '@app/optimization';
import { LOGGER, type Logger, within, WorkUnderWay } from '@app/shared';
import type { AwaitedAnswer } from './awaited-answer.js';
import { CacheCirculars } from './cache-circulars.js';
import type { Wish } from './flight-mail.js';
import { FlightRelay } from './flight-relay.js';
import { CLAIM, OVER, RELEASE, RENEW } from './flight.scripts.js';
import { GatewayMail } from './gateway-mail.js';
import { RemoteFlight } from './remote-flight.js';

/** So long others wait for a gateway that stands still. */
const LEASE_MS = 5000;
const ROUND_MS = 500;
/** Others are told the end of the calls within it. */
const FAREWELL_MS = 1000;
/** Who looked for its answer before it was kept has asked for the call by then. */
const OVER_MS = 1000;
/** So that no script keeps the server from others. */
const RENEWED_AT_ONCE = 500;

/** The call that this gateway makes; null when nobody new is to follow it. */
type Leading = () => AwaitedAnswer | null;

/** A call that another gateway makes. */
interface Followed {
  /** Its address; empty as long as it is not known. */
  leader: string;
  readonly flight: RemoteFlight;
  /** Tells it that this one still follows. Whether mail goes there and back. */
  readonly stay: () => Promise<boolean>;
}

/**
 * Calls that gateways make for each other. Who makes one has claimed its key in Redis; others that ask the same write to it, and are
 * sent its answer as it comes, from gateway to gateway: nothing of it is kept in Redis. While Redis is away each gateway asks for itself.
 */
@Injectable()
export class OtherGateways implements OnModuleInit, OnApplicationShutdown {
  /** Calls that this gateway makes for all, by key; resolved when one begins, with null when another gateway makes it after all. */
  private readonly led = new Map<string, PromiseWithResolvers<Leading | null>>();
  /** Of others that follow, by their address and id. */
  private readonly relays = new Map<string, FlightRelay>();
  private readonly running = new WorkUnderWay();
  /** By id. */
  private readonly followed = new Map<string, Followed>();
  private rounds: NodeJS.Timeout | null = null;

  constructor(
    private readonly mail: GatewayMail,
    private readonly cache: AnswerCache,
    private readonly circulars: CacheCirculars,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): Promise<void> {
    return this.mail.open(({ key, said, body }) => {
      if ('wish' in said) {
        void this.hearWish(key, said);
      } else if ('forget' in said) {
        this.circulars.hear(said);
      } else {
        this.followed.get(said.id)?.flight.hear(said, body);
      }
    });
  }

  /** Calls are over by then; who follows from elsewhere is told the end. */
  async onApplicationShutdown(): Promise<void> {
    await within(FAREWELL_MS, this.idle()).catch(() => this.relays.forEach(relay => relay.leave()));
    clearInterval(this.rounds ?? undefined);
    this.mail.close();
  }

  /** Resolves when nobody follows from elsewhere. */
  idle(): Promise<void> {
    return this.running.idle();
  }

  get areReached(): boolean {
    return this.mail.isReached;
  }

  /**
   * Null when this gateway is to make the call: it then says `lead`, and `release` in the end. Else the call that another one makes, or
   * has just made. Never throws.
   *
   * @param onOver of the call that another one makes
   */
  async claim(key: string, onOver: () => void): Promise<AwaitedAnswer | null> {
    const { address } = this.mail;
    const id = randomUUID();
    const followed = this.remember(key, id, onOver);
    const begun = Promise.withResolvers<Leading | null>();
    this.led.set(key, begun); // who joins may be heard before Redis has answered
    try {
      const join = this.mail.seal(key, { wish: 'join', address, id });
      const leader = await this.mail.run(CLAIM, [claimKey(key)], [address, LEASE_MS, join]);
      if (typeof leader === 'string') {
        this.led.delete(key);
        begun.resolve(null);
        if (leader === OVER) {
          this.followed.delete(id);
          followed.flight.land();
        }
        followed.leader = leader;
        return followed.flight;
      }
    } catch {
      // `Redis` has told it. It may be claimed nevertheless.
    }
    this.followed.delete(id);
    return null;
  }

  /** The call that was claimed has begun. */
  lead(key: string, leading: Leading): void {
    this.led.get(key)?.resolve(leading);
  }

  /** The call is over. @param kept resolves when its answer is where others look for it: until then nobody makes it anew */
  release(key: string, kept: Promise<unknown>): void {
    if (this.led.has(key)) {
      const closing = Promise.withResolvers<Leading | null>();
      this.led.set(key, closing);
      void kept.finally(() => {
        if (this.led.get(key) === closing) {
          this.led.delete(key);
          this.giveUp(key);
        }
        closing.resolve(null);
      });
    }
  }

  private remember(key: string, id: string, onOver: () => void): Followed {
    const say = (wish: Wish['wish']): Promise<boolean> =>
      this.mail.send(followed.leader, key, { wish, address: this.mail.address, id });
    const over = (isKnown: boolean): void => {
      this.followed.delete(id);
      if (!isKnown) {
        void say('leave');
      }
      onOver();
    };
    const stay = async (): Promise<boolean> => (await say('stay')) && this.areReached;
    const flight = new RemoteFlight(this.cache.entryLimitBytes, over, stay);
    const followed: Followed = { leader: '', flight, stay };
    this.followed.set(id, followed);
    this.rounds ??= setInterval(() => void this.pass(), ROUND_MS).unref();
    return followed;
  }

  /** Never throws. */
  private async hearWish(key: string, { wish, address, id }: Wish): Promise<void> {
    const name = `${address} ${id}`;
    const relay = this.relays.get(name);
    if (relay) {
      return wish === 'leave' ? relay.leave() : relay.stay();
    }
    const leading = wish === 'join' ? await this.led.get(key)?.promise : null;
    const flight = leading?.();
    if (flight) {
      this.relay(key, name, flight);
    } else if (wish !== 'leave') {
      if (!this.led.has(key)) {
        this.giveUp(key); // lest it is asked again and again
      }
      await this.mail.send(address, key, { id, number: 0, isUnknown: true });
    }
  }

  private relay(key: string, name: string, flight: AwaitedAnswer): void {
    const [address = '', id = ''] = name.split(' ');
    const relay = new FlightRelay(flight, (news, body) =>
      this.mail.send(address, key, { ...news, id }, body),
    );
    this.relays.set(name, relay);
    const run = relay
      .run()
      .catch((error: unknown) =>
        this.logger.error({ err: error }, 'An answer could not be sent to another gateway.'),
      )
      .finally(() => this.relays.delete(name));
    this.running.add(run);
  }

  /** A round of time: all who wait for each other say that they are there. */
  private async pass(): Promise<void> {
    if (this.led.size + this.relays.size + this.followed.size === 0) {
      clearInterval(this.rounds ?? undefined);
      this.rounds = null;
      return;
    }
    await Promise.all([this.mail.check(), this.renew()]);
    this.relays.forEach(relay => relay.pass());
    for (const { leader, flight, stay } of this.followed.values()) {
      if (leader !== '') {
        void stay().then(isReached => flight.pass(isReached));
      }
    }
  }

  private async renew(): Promise<void> {
    const keys = [...this.led.keys()];
    try {
      for (let at = 0; at < keys.length; at += RENEWED_AT_ONCE) {
        // What is over meanwhile must not be claimed again.
        const claimed = keys.slice(at, at + RENEWED_AT_ONCE).filter(key => this.led.has(key));
        await this.mail.run(RENEW, claimed.map(claimKey), [LEASE_MS, this.mail.address]);
      }
    } catch {
      // `Redis` has told it.
    }
  }

  /** If that does not arrive, the lease ends. */
  private giveUp(key: string): void {
    this.mail.run(RELEASE, [claimKey(key)], [this.mail.address, OVER_MS]).catch(() => undefined);
  }
}

function claimKey(key: string): string {
  return `llmhub:flights:${key}`;
}
