import { Injectable } from '@nestjs/common';
import type { GenerationInput } from '../generation-input.js';
import { Flight } from './flight.js';

/** The calls of this process whose answers may be shared, as long as they are under way. */
@Injectable()
export class Flights {
  private readonly flights = new Map<string, Flight>();

  get(key: string): Flight | null {
    return this.flights.get(key) ?? null;
  }

  begin(key: string, input: GenerationInput): Flight {
    const flight = new Flight(input);
    this.flights.set(key, flight);
    return flight;
  }

  /** @param error of a call that failed */
  land(key: string, error?: unknown): void {
    this.flights.get(key)?.land(error);
    this.flights.delete(key);
  }
}
