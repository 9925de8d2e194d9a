import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Clock, LOGGER, type Logger, replaceRecord } from '@app/shared';
import { AlertSender } from './alert-sender.js';
import { type AlertState, claimed, type Delivery, tried } from './alert-state.js';
import { AlertStateRepository } from './alert-state.repository.js';
import type { OpenAlert } from './alert.entity.js';

/** Of one alert in one round: a slow receiver must not hold up the others for long. */
const MOST_SENT = 10;

/** Sends what is due: of all gateways the one that has claimed it. */
@Injectable()
export class AlertPost implements OnModuleDestroy {
  private readonly stop = new AbortController();

  constructor(
    private readonly states: AlertStateRepository,
    private readonly sender: AlertSender,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** What is sent to now may not have arrived, and is sent again by whoever comes next. */
  onModuleDestroy(): void {
    this.stop.abort();
  }

  /** In order; the first that fails holds up what comes behind it. @throws StoreUnavailableError (503) */
  async tell(alert: OpenAlert): Promise<void> {
    for (let sent = 0; sent < MOST_SENT && !this.stop.signal.aborted; sent += 1) {
      const { id } = alert;
      const claim = await replaceRecord(this.states, id, found => found && claimed(found, this.clock.now()));
      const delivery = claim?.after.due[0];
      if (!delivery) {
        return;
      }
      const failure = await this.send(alert, delivery);
      const now = this.clock.now();
      await replaceRecord(this.states, id, found => found && tried(found, delivery.id, { failure, now }));
      if (failure !== null) {
        return;
      }
    }
  }

  /** Sends the first of what is due in a state that the store does not have. @returns the state then */
  async tellFirst(alert: OpenAlert, state: AlertState): Promise<AlertState> {
    const mine = claimed(state, this.clock.now());
    const delivery = mine?.due[0];
    if (!delivery) {
      return state;
    }
    const failure = await this.send(alert, delivery);
    return tried(state, delivery.id, { failure, now: this.clock.now() }) ?? state;
  }

  private async send(alert: OpenAlert, delivery: Delivery): Promise<string | null> {
    const { failure } = await this.sender.send(alert, delivery, this.stop.signal);
    if (failure !== null) {
      const { id: alertId, name } = alert;
      const { id, type, attempts } = delivery;
      this.logger.warn(
        { alertId, alert: name, delivery: id, type, attempt: attempts + 1, failure },
        'An alert could not be told to its webhook.',
      );
    }
    return failure;
  }
}
