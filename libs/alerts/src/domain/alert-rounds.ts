import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, type Logger, StoreRounds } from '@app/shared';
import { AlertPost } from './alert-post.js';
import { AlertWatch } from './alert-watch.js';
import type { OpenAlert } from './alert.entity.js';
import { KeptAlerts } from './kept-alerts.js';

const EVERY_MS = 10_000;

/** Looks every ten seconds at what alerts watch, and tells what was crossed. */
@Injectable()
export class AlertRounds extends StoreRounds {
  protected readonly isNeeded = true;
  private watched: readonly OpenAlert[] = [];

  constructor(
    private readonly alerts: KeptAlerts,
    private readonly watch: AlertWatch,
    private readonly post: AlertPost,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(logger, 'Alerts cannot be looked after for now, but for those of the spool.', EVERY_MS);
  }

  protected async round(): Promise<void> {
    try {
      this.watched = await this.alerts.enabled();
      this.watch.prepare(this.watched);
      for (const alert of this.watched) {
        await this.watch.look(alert);
      }
    } catch (error) {
      await this.goAlone();
      throw error;
    }
    await Promise.all(this.watched.map(alert => this.post.tell(alert)));
  }

  private async goAlone(): Promise<void> {
    const ofSpool = this.watched.filter(({ condition }) => condition === 'spool');
    await Promise.all(
      ofSpool.map(async alert =>
        this.watch.goOn(await this.post.tellFirst(alert, this.watch.lookAlone(alert))),
      ),
    );
  }
}
