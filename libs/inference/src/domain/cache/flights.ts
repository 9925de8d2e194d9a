import { Injectable } from '@nestjs/common';
import { AnswerCache } from '@app/optimization';
import type { AwaitedAnswer } from './awaited-answer.js';
import { Flight, type FlightCaller } from './flight.js';
import { OtherGateways } from './other-gateways.js';

interface UnderWay {
  readonly flight: AwaitedAnswer;
  readonly projectId: string;
  /** When it began, for the cache. */
  readonly begun: number;
}

/** The calls of this process, and those of other gateways, whose answers may be shared, as long as they are under way. */
@Injectable()
export class Flights {
  private readonly flights = new Map<string, UnderWay>();
  /** Who makes the call is being asked. */
  private readonly beginning = new Map<string, Promise<Flight | null>>();

  constructor(
    private readonly others: OtherGateways,
    private readonly cache: AnswerCache,
  ) {}

  /**
   * What is outdated goes on for those who follow it already, and for nobody else. Whoever is given none asks who makes the call by
   * now: of a gateway that is only slow that is the same one.
   */
  get(key: string): AwaitedAnswer | null {
    const found = this.flights.get(key);
    if (found && this.cache.isOutdated(found.projectId, key, found.begun)) {
      this.forget(key, found.flight);
      return null;
    }
    return found && !found.flight.isDoubted ? found.flight : null;
  }

  /** Null when somebody else makes the same call, whom to follow. Without other gateways it has begun at once. */
  async begin(key: string, caller: FlightCaller): Promise<Flight | null> {
    if (this.get(key)) {
      return null;
    }
    const begun = this.beginning.get(key);
    if (begun) {
      await begun;
      return null;
    }
    if (!this.others.areReached) {
      return this.start(key, caller);
    }
    const beginning = this.beginAmongOthers(key, caller);
    this.beginning.set(key, beginning);
    return beginning.finally(() => this.beginning.delete(key));
  }

  /** @param error of a call that failed */
  land(key: string, flight: Flight, error?: unknown): void {
    this.forget(key, flight);
    flight.land(error);
  }

  private async beginAmongOthers(key: string, caller: FlightCaller): Promise<Flight | null> {
    let remote: AwaitedAnswer | null = null;
    remote = await this.others.claim(key, () => this.forget(key, remote));
    if (!remote) {
      const flight = this.start(key, caller);
      this.others.lead(key, () => this.get(key));
      return flight;
    }
    if (!remote.isOver) {
      this.add(key, remote, caller);
    }
    return null;
  }

  private start(key: string, caller: FlightCaller): Flight {
    const flight = new Flight(caller);
    this.add(key, flight, caller);
    return flight;
  }

  private add(key: string, flight: AwaitedAnswer, { call: { projectId } }: FlightCaller): void {
    this.flights.set(key, { flight, projectId, begun: this.cache.begin() });
  }

  /** Of a call of its own the gateway gives up the claim, unless another call has its place already. */
  private forget(key: string, flight: AwaitedAnswer | null): void {
    const underWay = this.flights.get(key);
    if (underWay && underWay.flight === flight) {
      this.flights.delete(key);
      if (flight instanceof Flight) {
        this.others.release(key, this.cache.written(underWay.projectId, key));
      }
    }
  }
}
