import { UsageRecorder } from '@app/analytics';
import type { UsageView } from '../../libs/analytics/src/api/usage.dto.js';
import { eventually } from './eventually.js';
import type { TestGateway } from './gateway.js';

/** The record of one call, once it is written. */
export function usageOf(gateway: TestGateway, id: string | null): Promise<UsageView> {
  return eventually(async () => {
    await gateway.app.get(UsageRecorder).flush();
    const { status, body } = await gateway.admin<UsageView>('GET', `/admin/usage/${id}`);
    expect({ id, status }).toEqual({ id, status: 200 });
    return body;
  });
}

/** The only record of a model name: for callers that left before they learned their request id. */
export function usageOfModel(gateway: TestGateway, model: string): Promise<UsageView> {
  return eventually(async () => {
    await gateway.app.get(UsageRecorder).flush();
    const { body } = await gateway.admin<{ data: UsageView[] }>('GET', `/admin/usage?model=${model}`);
    expect(body.data).toHaveLength(1);
    return body.data[0] as UsageView;
  });
}
