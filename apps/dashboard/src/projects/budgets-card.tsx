import { type ReactElement, useState } from 'react';
import { patch, post, remove } from '../api/client.js';
import type { Budget } from '../api/types.js';
import { Confirm } from '../form/confirm.js';
import { useMayChange } from '../session/session.js';
import { Pages } from '../shell/pages.js';
import { BudgetForm } from './budget-form.js';
import { BudgetView } from './budget-view.js';

const PAGE_SIZE = 20;

/** Null: a new one. */
type Asked = { readonly what: 'edit'; readonly budget: Budget | null } | Doomed;
interface Doomed {
  readonly what: 'delete';
  readonly budget: Budget;
}

/** @param path of the project */
export function BudgetsCard({ path }: { readonly path: string }): ReactElement {
  const budgets = `${path}/budgets`;
  const mayChange = useMayChange();
  const [asked, setAsked] = useState<Asked | null>(null);
  return (
    <section className="card" aria-labelledby="budgets">
      <div className="title">
        <h2 id="budgets">Budgets</h2>
        {mayChange && (
          <button type="button" onClick={() => setAsked({ what: 'edit', budget: null })}>
            New budget
          </button>
        )}
      </div>
      <Pages<Budget> label="Budgets" path={budgets} size={PAGE_SIZE}>
        {(listed, again) => (
          <>
            {listed.length === 0 && <p className="empty">Nothing limits what its calls cost.</p>}
            <ul className="list">
              {listed.map(budget => (
                <li key={budget.id}>
                  <BudgetView budget={budget}>
                    {mayChange && <BudgetButtons budget={budget} onAsk={setAsked} />}
                  </BudgetView>
                </li>
              ))}
            </ul>
            {asked && (
              <AskedDialog path={path} asked={asked} onClose={() => setAsked(null)} onChange={again} />
            )}
          </>
        )}
      </Pages>
    </section>
  );
}

interface BudgetButtonsProps {
  readonly budget: Budget;
  readonly onAsk: (asked: Asked) => void;
}

function BudgetButtons({ budget, onAsk }: BudgetButtonsProps): ReactElement {
  return (
    <span className="actions">
      <button type="button" className="quiet" onClick={() => onAsk({ what: 'edit', budget })}>
        Change <span className="hidden">{budget.name}</span>
      </button>
      <button type="button" className="quiet" onClick={() => onAsk({ what: 'delete', budget })}>
        Delete <span className="hidden">{budget.name}</span>
      </button>
    </span>
  );
}

interface AskedDialogProps {
  readonly path: string;
  readonly asked: Asked;
  readonly onClose: () => void;
  readonly onChange: () => void;
}

function AskedDialog({ path, asked, onClose, onChange }: AskedDialogProps): ReactElement {
  const { what, budget } = asked;
  const address = `${path}/budgets${budget ? `/${budget.id}` : ''}`;
  const after = async (change: Promise<unknown>): Promise<void> => {
    await change;
    onClose();
    onChange();
  };
  if (what === 'delete') {
    return (
      <Confirm
        title={`Delete ${asked.budget.name}?`}
        action="Delete"
        onClose={onClose}
        onConfirm={() => after(remove(address))}
      >
        It limits nothing any more, and what was counted for it is forgotten. The calls stay on record.
      </Confirm>
    );
  }
  return (
    <BudgetForm
      path={path}
      budget={budget}
      onClose={onClose}
      onSend={settings => after(budget ? patch(address, settings) : post(address, settings))}
    />
  );
}
