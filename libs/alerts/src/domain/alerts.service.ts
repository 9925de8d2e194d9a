import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditTrail, type Change, onLatest, orStale } from '@app/audit';
import { ApiKeysService } from '@app/projects';
import { type Author, given, InvalidRequestError, type Page, pageOf, type PageQuery } from '@app/shared';
import { aDelivery, type AlertState } from './alert-state.js';
import {
  type Alert,
  ALERT_DEFAULTS,
  type AlertSettings,
  type AlertTarget,
  type CreatedAlert,
  type StoredAlert,
} from './alert.entity.js';
import { AlertSender, type Sent } from './alert-sender.js';
import { TooManyAlertsError } from './alerts.errors.js';
import { KeptAlerts, MOST_ALERTS } from './kept-alerts.js';
import { newWebhookSecret } from './webhook-signature.js';

/** What is left out is as in `ALERT_DEFAULTS`, and the secret is made. */
export type NewAlert = Partial<AlertSettings> &
  Pick<AlertSettings, 'name' | 'condition' | 'thresholds'> &
  Pick<AlertTarget, 'url'> &
  Partial<Pick<AlertTarget, 'secret'>>;

export type AlertChange = Partial<Omit<AlertSettings, 'condition' | 'projectId'> & AlertTarget>;

/** Alerts, and their changes: each has an author and leaves its entry in the audit trail, or is not made. */
@Injectable()
export class AlertsService {
  constructor(
    private readonly kept: KeptAlerts,
    private readonly apiKeys: ApiKeysService,
    private readonly sender: AlertSender,
    private readonly audit: AuditTrail,
  ) {}

  async list({ limit, after }: PageQuery): Promise<Page<Alert>> {
    return pageOf((await this.kept.list(limit + 1, after)).map(shown), limit);
  }

  /** @throws NotFoundError */
  async get(id: string): Promise<Alert> {
    return shown(await this.kept.get(id));
  }

  /** What is above its threshold, and what waits to be told. @throws NotFoundError */
  async state(id: string): Promise<AlertState> {
    await this.kept.get(id);
    return this.kept.state(id);
  }

  /** @throws NotFoundError for an unknown project; InvalidRequestError; ProjectDeletedError, TooManyAlertsError (409) */
  async create(
    by: Author,
    { url, secret = newWebhookSecret(), ...settings }: NewAlert,
  ): Promise<CreatedAlert> {
    const id = randomUUIDv7();
    const alert: StoredAlert = {
      id,
      ...ALERT_DEFAULTS,
      ...given(settings),
      ...this.sealed(id, { url, secret }),
      createdAt: new Date(by.at).toISOString(),
      version: 1,
    };
    await this.assertSound(alert);
    if ((await this.kept.list(MOST_ALERTS)).length === MOST_ALERTS) {
      throw new TooManyAlertsError(MOST_ALERTS);
    }
    const after = shown(alert);
    await this.audit.tell(by, { ...about(alert, 'create'), after }, () => this.kept.insert(alert));
    return { ...after, secret };
  }

  /** @throws NotFoundError, StaleVersionError, InvalidRequestError, UnreadableAlertError (500) */
  async update(by: Author, id: string, { url, secret, ...settings }: AlertChange): Promise<Alert> {
    return onLatest(
      by,
      () => this.kept.get(id),
      async stored => {
        const known = url && secret ? { url, secret } : this.kept.open(stored).target;
        const target = { url: url ?? known.url, secret: secret ?? known.secret };
        const sealed = this.sealed(id, target);
        const after = { ...stored, ...given(settings), ...sealed, version: stored.version + 1 };
        const change = { ...about(stored, 'update'), before: shown(stored), after: shown(after) };
        await this.audit.tell(by, change, () => orStale(this.kept.replace(after)));
        return shown(after);
      },
    );
  }

  /** What is due of it is told no more. @throws NotFoundError, StaleVersionError */
  async delete(by: Author, id: string): Promise<void> {
    await onLatest(
      by,
      () => this.kept.get(id),
      stored =>
        this.audit.tell(by, { ...about(stored, 'delete'), before: shown(stored) }, () =>
          orStale(this.kept.delete(stored)),
        ),
    );
  }

  /** Sends a test at once, once. @throws NotFoundError, UnreadableAlertError (500) */
  async test(by: Author, id: string): Promise<Sent> {
    const alert = this.kept.open(await this.kept.get(id));
    const [threshold = 0] = alert.thresholds;
    const delivery = aDelivery('test', { subject: 'test', about: 'Test', threshold, value: 0 }, by.at);
    return this.audit.tell(by, about(alert, 'test'), () => this.sender.send(alert, delivery));
  }

  private async assertSound({ condition, projectId }: Alert): Promise<void> {
    if (projectId === null) {
      return;
    }
    if (condition === 'spool') {
      throw new InvalidRequestError("projectId must be null where condition is 'spool'.", 'projectId');
    }
    await this.apiKeys.requireLiveProject(projectId);
  }

  private sealed(id: string, target: AlertTarget): ReturnType<KeptAlerts['seal']> {
    if (!URL.canParse(target.url)) {
      throw new InvalidRequestError('url must be an http:// or https:// URL.', 'url');
    }
    return this.kept.seal(id, target);
  }
}

function about({ id: targetId, projectId }: Alert, what: string): Change {
  return { action: `alert.${what}`, targetId, projectId };
}

function shown({ envelope: _sealed, ...alert }: StoredAlert): Alert {
  return alert;
}
