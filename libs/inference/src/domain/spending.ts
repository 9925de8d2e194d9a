import { Injectable } from '@nestjs/common';
import type { CallMeter } from '@app/analytics';
import { type MostCost, type Reservation, Reservations, type Spender } from '@app/budgets';
import { PriceBook } from '@app/providers';
import type { Route } from '@app/routing';
import { type Call, endUserOf } from '@app/shared';
import { AnswerLengths } from './answer-lengths.js';
import type { GenerationInput } from './generation-input.js';
import { mostCost, mostOfGeneration, type MostUse } from './most-use.js';
import { withOutputLimit } from './output-limit.js';
import type { Routed } from './request-preparer.js';

/** One attempt of a call, before its vendor is asked. */
export interface Attempt {
  readonly call: Call;
  readonly meter: CallMeter;
  readonly route: Route;
  /** The parsed body, or the fields of a form. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly use: () => MostUse;
}

/** A text request, and how far it has come. */
export interface Journeying {
  readonly input: Pick<GenerationInput, 'call' | 'dialect'>;
  readonly meter: CallMeter;
  /** Estimated. */
  readonly inputTokens: number;
  /** Of the answer, by vendors before this one; null: nothing. */
  readonly said: string | null;
}

/** Sets aside what an attempt may cost, where budgets count for it. */
@Injectable()
export class Spending {
  constructor(
    private readonly reservations: Reservations,
    private readonly prices: PriceBook,
    private readonly lengths: AnswerLengths,
  ) {}

  /** Known to be limited by nothing, as nearly all. */
  isFree({ projectId, tokens }: Call): boolean {
    return tokens === null && this.reservations.areNone(projectId);
  }

  /**
   * Takes tokens off what the project and its key may use in a minute, once for all attempts. What the call used in the end takes
   * their place.
   *
   * @param tokens what it is thought to read, and may write
   * @throws TokenLimitError, TooManyTokensError (429), LimitsUnavailableError (503)
   */
  async holdTokens({ tokens: allowance }: Call, meter: CallMeter, tokens: number): Promise<void> {
    if (allowance && meter.tokenHold === null) {
      meter.tokenHold = await allowance.hold(tokens, 0);
    }
  }

  /**
   * The meter gets it.
   *
   * @returns null when no budget counts
   * @throws BudgetExceededError, UnknownCostError (402), StoreUnavailableError (503)
   */
  async reserve({ meter, ...attempt }: Attempt): Promise<Reservation | null> {
    return given(meter, attempt.route, await this.setAside(attempt));
  }

  /** The same for what nobody has begun, and so nobody meters: who asks for it gives it to a meter, or settles it. */
  setAside(attempt: Omit<Attempt, 'meter'>): Promise<Reservation | null> {
    return this.reserveAt(toOf(attempt.route), attempt, () => this.mostCostOf(attempt));
  }

  /**
   * The same for what is under way already, and billed whatever is left.
   *
   * @throws StoreUnavailableError (503) when nobody knows the budgets
   */
  async owe(attempt: Omit<Attempt, 'meter'>): Promise<Reservation | null> {
    const { call, route, fields } = attempt;
    const budgets = await this.reservations.budgetsOf(call.projectId);
    const spender = spenderOf(call, toOf(route), fields);
    return this.reservations.owe(budgets, spender, () => this.mostCostOf(attempt));
  }

  /**
   * A text request on its way to one vendor, with a shorter answer where budgets leave no more.
   *
   * @throws as `reserve` and `holdTokens`
   */
  async afford(routed: Routed, { input, meter, inputTokens, said }: Journeying): Promise<Routed> {
    const { body, route } = routed;
    const { call, dialect } = input;
    const bytes = body.bytes.length + Buffer.byteLength(said ?? '');
    const use = once(() => mostOfGeneration({ json: body.json, bytes }));
    if (call.tokens && meter.tokenHold === null) {
      await this.holdAnswer(use(), routed, { call, meter, inputTokens });
    }
    const held = await this.reserve({ call, meter, route, fields: body.json, use });
    const outputTokens = held?.outputTokens ?? null;
    return outputTokens === null
      ? routed
      : { route, body: withOutputLimit(body, outputTokens, { spoken: dialect.id, route }) };
  }

  /** Tokens of a text request: as many as it allows its answers, else as many as such answers usually have. */
  private async holdAnswer(
    { outputTokens, answers }: MostUse,
    { route: { vendor, target } }: Routed,
    { call, meter, inputTokens }: Pick<Attempt, 'call' | 'meter'> & Pick<Journeying, 'inputTokens'>,
  ): Promise<void> {
    if (outputTokens !== null) {
      return this.holdTokens(call, meter, inputTokens + outputTokens * answers);
    }
    const of = `${call.projectId} ${vendor.id}/${target.model}`;
    const hold = await call.tokens?.hold(inputTokens, this.lengths.usual(of));
    meter.tokenHold = hold ? this.lengths.learningFrom(hold, of, inputTokens) : null;
  }

  /** For a call of which nobody can tell what it is for, and so what it costs. @throws as `reserve` */
  async reserveUnknown(call: Call, meter: CallMeter, vendor: string): Promise<void> {
    const to = { vendor, model: null };
    const reservation = await this.reserveAt(to, { call, fields: null }, () => unknownCost(vendor));
    if (reservation) {
      meter.reserved({ provider: vendor, model: null }, reservation);
    }
  }

  private mostCostOf({ call, route, use }: Omit<Attempt, 'meter'>): MostCost {
    const { vendor, target } = route;
    return mostCost(use(), route, {
      price: this.prices.priceOf(vendor.id, target.model, call.receivedAt),
      contextTokens: this.prices.contextOf(vendor.id, target.model),
    });
  }

  private async reserveAt(
    to: Pick<Spender, 'vendor' | 'model'>,
    { call, fields }: Pick<Attempt, 'call'> & { readonly fields: Attempt['fields'] | null },
    mostOf: () => MostCost,
  ): Promise<Reservation | null> {
    const budgets = await this.reservations.budgetsOf(call.projectId);
    return budgets.length === 0
      ? null
      : this.reservations.reserve(budgets, spenderOf(call, to, fields), mostOf);
  }
}

function toOf({ vendor, target }: Route): Pick<Spender, 'vendor' | 'model'> {
  return { vendor: vendor.id, model: target.model };
}

function given(
  meter: CallMeter,
  { vendor, target }: Route,
  reservation: Reservation | null,
): Reservation | null {
  if (reservation) {
    meter.reserved({ provider: vendor.id, model: target.model }, reservation);
  }
  return reservation;
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function unknownCost(vendor: string): MostCost {
  const unknown = `nobody can tell what a call of ${vendor}'s own paths costs`;
  return { fixed: null, outputTokens: null, outputRate: null, canBeShorter: false, unknown };
}

function spenderOf(
  { projectId, keyId, labels }: Call,
  to: Pick<Spender, 'vendor' | 'model'>,
  fields: Attempt['fields'] | null,
): Spender {
  const endUser = fields === null ? (labels?.endUser ?? undefined) : endUserOf(labels, fields);
  return { projectId, keyId, endUser, tags: labels?.tags ?? [], ...to };
}
