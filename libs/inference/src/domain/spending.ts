import { Injectable } from '@nestjs/common';
import type { CallMeter } from '@app/analytics';
import { type MostCost, type Reservation, Reservations, type Spender } from '@app/budgets';
import { PriceBook } from '@app/providers';
import { readLabels, type Route } from '@app/routing';
import { type Call, isObject } from '@app/shared';
import { mostCost, type MostUse } from './most-use.js';

/** One attempt of a call, before its vendor is asked. */
export interface Attempt {
  readonly call: Call;
  readonly meter: CallMeter;
  readonly route: Route;
  /** The parsed body, or the fields of a form. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly use: () => MostUse;
}

/** Of the name of an end user. */
const MOST_CHARACTERS = 256;

/** Sets aside what an attempt may cost, where budgets count for it. */
@Injectable()
export class Spending {
  constructor(
    private readonly reservations: Reservations,
    private readonly prices: PriceBook,
  ) {}

  /** Known to have no budgets, as nearly all. */
  isFree({ projectId }: Call): boolean {
    return this.reservations.areNone(projectId);
  }

  /**
   * The meter gets it.
   *
   * @returns null when no budget counts
   * @throws BudgetExceededError, UnknownCostError (402), StoreUnavailableError (503); InvalidRequestError (400) for tags that
   * cannot be read
   */
  async reserve({ call, meter, route, fields, use }: Attempt): Promise<Reservation | null> {
    const budgets = await this.reservations.budgetsOf(call.projectId);
    if (budgets.length === 0) {
      return null;
    }
    const { vendor, target } = route;
    const to = { provider: vendor.id, model: target.model };
    const spender = spenderOf(call, { vendor: vendor.id, model: target.model }, fields);
    const reservation = await this.reservations.reserve(budgets, spender, () =>
      mostCost(use(), route, {
        price: this.prices.priceOf(vendor.id, target.model, call.receivedAt),
        contextTokens: this.prices.contextOf(vendor.id, target.model),
      }),
    );
    if (reservation) {
      meter.reserved(to, reservation);
    }
    return reservation;
  }

  /** For a call of which nobody can tell what it is for, and so what it costs. @throws as `reserve` */
  async reserveUnknown(call: Call, meter: CallMeter, vendor: string): Promise<void> {
    const budgets = await this.reservations.budgetsOf(call.projectId);
    if (budgets.length === 0) {
      return;
    }
    const spender = spenderOf(call, { vendor, model: null }, {});
    const reservation = await this.reservations.reserve(budgets, spender, () => unknownCost(vendor));
    if (reservation) {
      meter.reserved({ provider: vendor, model: null }, reservation);
    }
  }
}

function unknownCost(vendor: string): MostCost {
  const unknown = `nobody can tell what a call of ${vendor}'s own paths costs`;
  return { fixed: null, outputTokens: null, outputRate: null, canBeShorter: false, unknown };
}

function spenderOf(
  { projectId, keyId, routing }: Call,
  to: Pick<Spender, 'vendor' | 'model'>,
  fields: Readonly<Record<string, unknown>>,
): Spender {
  const { metadata } = fields;
  const named = [
    fields['safety_identifier'],
    fields['user'],
    isObject(metadata) ? metadata['user_id'] : undefined,
  ];
  const endUser = named.find(name => typeof name === 'string' && name !== '');
  const { tags } = readLabels(undefined, routing);
  return {
    projectId,
    keyId,
    endUser: typeof endUser === 'string' ? endUser.slice(0, MOST_CHARACTERS) : null,
    tags,
    ...to,
  };
}
