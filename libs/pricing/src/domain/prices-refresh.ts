import { Inject, Injectable } from '@nestjs/common';
import { Config, LOGGER, type Logger, StoreRounds } from '@app/shared';
import { PricesInForce } from './prices-in-force.js';

/**
 * Gateways that share a store hear of new prices from it. While it is down, what holds goes on holding. An embedded store has
 * one gateway, and a file is read at the start alone.
 */
@Injectable()
export class PricesRefresh extends StoreRounds {
  protected readonly isNeeded: boolean;

  constructor(
    private readonly inForce: PricesInForce,
    config: Config,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(logger, 'New prices are not heard of for now.');
    this.isNeeded = config.store.kind !== 'sqlite' && config.pricesFile === undefined;
  }

  protected round(): Promise<void> {
    return this.inForce.refresh();
  }
}
