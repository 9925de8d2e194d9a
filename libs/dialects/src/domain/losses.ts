import { GatewayError } from '@app/shared';

/** What a writer could not say in its wire format. `field` is named as the caller's dialect spells it. */
export interface Loss {
  readonly field: string;
  readonly action: 'dropped' | 'approximated' | 'moved' | 'refused';
  /** Why, and what happened instead; a sentence for the caller. */
  readonly detail: string;
}

/** 400: the chosen vendor cannot do what the request asks, and doing something else would change the answer. */
export class UnsupportedFieldsError extends GatewayError {
  constructor(losses: readonly Loss[], vendor: string) {
    const named = losses.map(loss => `'${loss.field}': ${loss.detail}`).join(' ');
    super(`The vendor '${vendor}' cannot carry out this request as it stands. ${named}`, {
      status: 400,
      type: 'invalid_request_error',
      code: 'unsupported_fields',
      param: losses[0]?.field,
      metadata: { fields: losses.map(loss => loss.field) },
    });
  }
}

/**
 * Collects what is lost in translation. Policy (PROTOCOLS 2.2): what changes the answer is `refused` and fails the
 * request; what changes quality, cost or determinism is a warning; bookkeeping is dropped quietly, without a call here.
 */
export class Losses {
  readonly list: Loss[] = [];
  private readonly seen = new Set<string>();

  /** @param named what the caller calls a field that writers name as chat does */
  constructor(private readonly named: (field: string) => string = field => field) {}

  dropped(field: string, detail: string): void {
    this.add({ field, action: 'dropped', detail });
  }

  approximated(field: string, detail: string): void {
    this.add({ field, action: 'approximated', detail });
  }

  moved(field: string, detail: string): void {
    this.add({ field, action: 'moved', detail });
  }

  refused(field: string, detail: string): void {
    this.add({ field, action: 'refused', detail });
  }

  /** The field was reported before, in that way. */
  holds(field: string, action: Loss['action']): boolean {
    const name = this.named(field);
    return this.list.some(loss => loss.field === name && loss.action === action);
  }

  /** Takes over what another one collected. */
  take({ list }: Losses): void {
    list.forEach(loss => this.add(loss));
  }

  /** Something was lost without which the answer would be another. */
  get refuses(): boolean {
    return this.list.some(loss => loss.action === 'refused');
  }

  /**
   * @throws UnsupportedFieldsError (400) when something was refused or, in strict mode, when anything was lost.
   */
  assertAcceptable(vendor: string, strict: boolean): void {
    const fatal = strict ? this.list : this.list.filter(loss => loss.action === 'refused');
    if (fatal.length > 0) {
      throw new UnsupportedFieldsError(fatal, vendor);
    }
  }

  /** The same loss in a hundred messages is one warning: the list becomes a header. */
  private add(reported: Loss): void {
    const loss = { ...reported, field: this.named(reported.field) };
    const key = `${loss.action} ${loss.field} ${loss.detail}`;
    if (!this.seen.has(key)) {
      this.seen.add(key);
      this.list.push(loss);
    }
  }
}
