import type { Delivery } from './alert-state.js';
import type { Alert, Condition } from './alert.entity.js';

const UNITS: Readonly<Record<Condition, string>> = {
  budget: '% of the limit',
  'error-rate': '% of calls fail',
  'vendor-down': 'models get no calls',
  spool: 'bytes wait',
};

const WORDS = { firing: 'FIRING', resolved: 'Resolved', test: 'Test' } as const;

/** The body of a webhook. */
export function alertMessage(alert: Alert, delivery: Delivery): string {
  const { subject, threshold, value, type, at } = delivery;
  const text = sentence(alert, delivery);
  if (alert.format === 'slack') {
    return JSON.stringify({ text: escaped(text) });
  }
  const { id, name, condition, projectId } = alert;
  return JSON.stringify({
    type: `alert.${type}`,
    timestamp: new Date(at).toISOString(),
    data: { alertId: id, name, condition, projectId, subject, threshold, value, text },
  });
}

function sentence({ name, condition }: Alert, { type, about, threshold, value }: Delivery): string {
  const what = `${about}: ${rounded(value)} ${UNITS[condition]} (threshold ${threshold}).`;
  return `[${WORDS[type]}] ${name}: ${type === 'test' ? 'this is only a test.' : what}`;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Slack takes `<`, `>` and `&` for its own: a budget's name or an end user's must not become a link, or call everybody. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
