import type { ReactElement } from 'react';
import { Link } from 'wouter';
import type { Budget, Page, Spending } from '../api/types.js';
import { Standing } from '../projects/budget-view.js';
import { usePageTitle } from '../shell/page-title.js';
import { Pages } from '../shell/pages.js';

const PAGE_SIZE = 20;
const AGAIN_MS = 5000;

interface StandingBudget extends Budget {
  readonly projectName: string | null;
  readonly spending: Page<Spending>;
}

/** Budgets of all projects, and what is spent of them now. */
export function BudgetsPage(): ReactElement {
  usePageTitle('Budgets');
  return (
    <>
      <h1>Budgets</h1>
      <section className="card" aria-labelledby="all">
        <h2 id="all">Of all projects</h2>
        <Pages<StandingBudget> label="Budgets" path="/admin/budgets" size={PAGE_SIZE} againMs={AGAIN_MS}>
          {budgets => <BudgetList budgets={budgets} />}
        </Pages>
      </section>
    </>
  );
}

function BudgetList({ budgets }: { readonly budgets: readonly StandingBudget[] }): ReactElement {
  if (budgets.length === 0) {
    return <p className="empty">Nothing limits what calls cost: a project’s page makes budgets.</p>;
  }
  return (
    <ul className="list">
      {budgets.map(budget => (
        <li key={budget.id}>
          <Standing budget={budget} spending={budget.spending}>
            <Link href={`/projects/${budget.projectId}`}>{budget.projectName ?? budget.projectId}</Link>
          </Standing>
        </li>
      ))}
    </ul>
  );
}
