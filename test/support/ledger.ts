import { UsageRecorder } from '@app/analytics';
import type { UsageView } from '../../libs/analytics/src/api/usage.dto.js';
import type { TestGateway } from './gateway.js';

/** What was sold, or is said to have been. */
export interface Sold {
  calls: number;
  input: number;
  output: number;
}

/** All records of calls that asked for a model, or a policy, by that name. */
export async function recordsOf(gateway: TestGateway, model: string): Promise<UsageView[]> {
  await gateway.app.get(UsageRecorder).flush();
  const records: UsageView[] = [];
  let after: string | null = null;
  do {
    const query: URLSearchParams = new URLSearchParams({ model, limit: '200', ...(after && { after }) });
    const { body } = await gateway.admin<{ data: UsageView[]; next: string | null }>(
      'GET',
      `/admin/usage?${query}`,
    );
    records.push(...body.data);
    after = body.next;
  } while (after !== null);
  return records;
}

/** By vendor, as the ledger has it. */
export function ledgerOf(records: readonly UsageView[]): Record<string, Sold> {
  const ledger: Record<string, Sold> = {};
  for (const { provider, inputTokens, outputTokens } of records) {
    if (inputTokens > 0) {
      add(ledger, provider ?? 'nobody', { calls: 1, input: inputTokens, output: outputTokens });
    }
  }
  return ledger;
}

/** By vendor, as the vendors have it. */
export function billOf({ simulator }: TestGateway): Record<string, Sold> {
  const bill: Record<string, Sold> = {};
  for (const [vendor, models] of Object.entries(simulator.bill())) {
    Object.values(models).forEach(line => add(bill, vendor, line));
  }
  return bill;
}

function add(book: Record<string, Sold>, vendor: string, { calls, input, output }: Sold): void {
  const sold = (book[vendor] ??= { calls: 0, input: 0, output: 0 });
  sold.calls += calls;
  sold.input += input;
  sold.output += output;
}
