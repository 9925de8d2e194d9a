import type { TestGateway } from '../support/gateway.js';

/** A project with these passes, and its key. */
export async function keyWith(gateway: TestGateway, promptPasses: readonly string[]): Promise<string> {
  const created = await gateway.admin<{ apiKey: string }>('POST', '/admin/projects', {
    name: promptPasses.join(' ') || 'plain',
    promptPasses,
  });
  expect(created.status).toBe(201);
  return created.body.apiKey;
}
