import { type ReactElement, type ReactNode, useId } from 'react';
import type { Budget, Page, Spending } from '../api/types.js';
import { useAnswer } from '../api/use-answer.js';
import { dollars, moment } from '../format.js';

const AGAIN_MS = 5000;
/** So many of those that have a limit each are shown. */
const SHOWN = 5;

interface BudgetViewProps {
  readonly budget: Budget;
  /** What can be done with it. */
  readonly children?: ReactNode;
}

/** A budget, and what is spent of it now, which it asks for. */
export function BudgetView({ budget, children }: BudgetViewProps): ReactElement {
  const { id, projectId } = budget;
  const { answer, failure } = useAnswer<Page<Spending>>(
    `/admin/projects/${projectId}/budgets/${id}/spending?limit=${SHOWN}`,
    AGAIN_MS,
  );
  return (
    <>
      <Standing budget={budget} spending={answer}>
        {children}
      </Standing>
      <p role="alert" className="failure">
        {failure}
      </p>
    </>
  );
}

interface StandingProps extends BudgetViewProps {
  /** Null: not known yet. */
  readonly spending: Page<Spending> | null;
}

/** A budget, and what is known to be spent of it. */
export function Standing({ budget, spending, children }: StandingProps): ReactElement {
  const { name, limitUsd, period } = budget;
  return (
    <article className="budget" aria-label={name}>
      <div className="title">
        <h3>{name}</h3>
        <span className="hint">
          {dollars(limitUsd)} {period === 'total' ? 'in all' : `a ${period}`}
          {scopeOf(budget)}
        </span>
        {children}
      </div>
      {spending && spending.data.length === 0 && <Spent limitUsd={limitUsd} spending={unspent(budget)} />}
      {spending?.data.map(each => (
        <Spent key={JSON.stringify(each.subject)} limitUsd={limitUsd} spending={each} />
      ))}
      {spending && spending.next !== null && <p className="hint">… and others.</p>}
    </article>
  );
}

interface SpentProps {
  readonly limitUsd: number;
  readonly spending: Spending;
}

function Spent({ limitUsd, spending }: SpentProps): ReactElement {
  const id = useId();
  const { subject, spentUsd, reservedUsd, remainingUsd, resetAt } = spending;
  const whose = subject.length > 0 ? `${subject.map(value => value ?? 'none').join(' · ')}: ` : '';
  return (
    <div className="spent">
      <label htmlFor={id}>
        {whose}
        {dollars(spentUsd)} spent, {dollars(remainingUsd)} left
        {reservedUsd > 0 && `, ${dollars(reservedUsd)} set aside`}
        {resetAt !== null && <span className="hint">; again from {moment(resetAt)}</span>}
      </label>
      <progress
        id={id}
        max={limitUsd > 0 ? limitUsd : 1}
        value={limitUsd > 0 ? Math.min(spentUsd, limitUsd) : 1}
        data-full={remainingUsd <= 0}
      />
    </div>
  );
}

/** Nothing is told of a budget before its first call. */
function unspent({ limitUsd }: Budget): Spending {
  return { subject: [], spentUsd: 0, reservedUsd: 0, remainingUsd: limitUsd, resetAt: null };
}

function scopeOf({ keyId, endUser, tag, model, each, hard, rolling }: Budget): string {
  const words = [
    rolling && 'rolling',
    keyId !== null && 'of one key',
    endUser !== null && `of the end user ${endUser}`,
    tag !== null && `of the tag ${tag}`,
    model !== null && `of ${model}`,
    each.length > 0 && `for each ${each.join(' and ')}`,
    !hard && 'only counted',
  ].filter(Boolean);
  return words.length > 0 ? `, ${words.join(', ')}` : '';
}
