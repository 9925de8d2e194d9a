import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, type Logger, NotFoundError, Secrets } from '@app/shared';
import { type AlertState, newState } from './alert-state.js';
import { AlertStateRepository } from './alert-state.repository.js';
import type { Alert, AlertTarget, OpenAlert, StoredAlert } from './alert.entity.js';
import { AlertRepository } from './alert.repository.js';
import { UnreadableAlertError } from './alerts.errors.js';

/** Each is looked at every few seconds. */
export const MOST_ALERTS = 100;

/** Alerts, whose targets are sealed, with what became of them. */
@Injectable()
export class KeptAlerts {
  /** Told once. */
  private readonly unreadable = new Set<string>();

  constructor(
    private readonly alerts: AlertRepository,
    private readonly states: AlertStateRepository,
    private readonly secrets: Secrets,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  list(limit: number, after?: string): Promise<StoredAlert[]> {
    return this.alerts.list(limit, after);
  }

  /** @throws NotFoundError */
  async get(id: string): Promise<StoredAlert> {
    const alert = await this.alerts.findById(id);
    if (!alert) {
      throw new NotFoundError('Alert', id);
    }
    return alert;
  }

  async state(id: string): Promise<AlertState> {
    return (await this.states.find(id)) ?? newState(id);
  }

  /** Those that are to be watched. What cannot be opened is told in the log. */
  async enabled(): Promise<OpenAlert[]> {
    const stored = await this.alerts.list(MOST_ALERTS);
    return stored.filter(({ enabled }) => enabled).flatMap(alert => this.openOrTell(alert));
  }

  insert(alert: StoredAlert): Promise<void> {
    return this.alerts.insert(alert);
  }

  /** False when the version before its own is not the latest (any more). */
  replace(alert: StoredAlert): Promise<boolean> {
    return this.alerts.replace(alert);
  }

  /** False when that version is not the latest (any more). */
  async delete(alert: Pick<Alert, 'id' | 'version'>): Promise<boolean> {
    const isDeleted = await this.alerts.delete(alert);
    if (isDeleted) {
      await this.states.delete([alert.id]);
    }
    return isDeleted;
  }

  /** Deletes all of a project. @throws StoreUnavailableError (503); what was deleted until then stays deleted */
  async deleteOf(projectId: string): Promise<void> {
    await this.states.delete(await this.alerts.idsOf(projectId));
    await this.alerts.deleteOf(projectId);
  }

  seal(id: string, target: AlertTarget): Pick<StoredAlert, 'envelope' | 'maskedUrl' | 'maskedSecret'> {
    const { url, secret } = target;
    return {
      envelope: this.secrets.encrypt(JSON.stringify(target), id),
      maskedUrl: `${new URL(url).origin}/…${tail(url)}`,
      maskedSecret: `…${tail(secret)}`,
    };
  }

  /** @throws UnreadableAlertError (500) */
  open({ envelope, ...alert }: StoredAlert): OpenAlert {
    try {
      return { ...alert, target: JSON.parse(this.secrets.decrypt(envelope, alert.id)) as AlertTarget };
    } catch (error) {
      throw new UnreadableAlertError(alert.id, error);
    }
  }

  private openOrTell(alert: StoredAlert): OpenAlert[] {
    try {
      return [this.open(alert)];
    } catch (error) {
      if (!this.unreadable.has(alert.id)) {
        this.unreadable.add(alert.id);
        this.logger.error({ err: error, alertId: alert.id }, 'An alert is not watched.');
      }
      return [];
    }
  }
}

/** Of a secret. */
function tail(text: string): string {
  return text.slice(-4);
}
