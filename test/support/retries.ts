import { RetryBudget } from '@app/routing';
import type { TestGateway } from './gateway.js';

const CALLS = 50;

/** As calls for that model or policy would that went well: there are ten retries for the next ones. */
export function affordRetries({ app, projectId }: TestGateway, asked: string): void {
  const budget = app.get(RetryBudget);
  for (let call = 0; call < CALLS; call += 1) {
    budget.deposit(projectId, asked);
  }
}
