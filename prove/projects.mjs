// The projects of a run: what each may spend, and how many calls it may make.
import { createProject } from './admin.mjs';
import { delayed } from './requests.mjs';

/** What a project's calls cost in about so much, in US dollars for a caller and second. */
const COST_USD = 2e-5;
/** Enough for many calls, of which each sets at most 0.0018 aside. */
const LEAST_USD = 0.05;
/** So long a call is open, at least, where open calls are limited. */
export const OPEN_MS = 1000;

/**
 * By name, `{ budget, limits, pace, calm }`: what `POST …/budgets` takes, what `POST /admin/projects` takes besides, the pace of its calls, and whether
 * nobody calls while there is trouble.
 */
function termsOf({ callers, seconds }) {
  const expected = callers * seconds * COST_USD;
  const upTo = share => ({ limitUsd: Number(Math.max(LEAST_USD, expected * share).toFixed(9)) });
  return {
    // One budget is soon used up, one lasts longer, one refuses nothing, one begins anew every minute.
    tight: { budget: upTo(0.15) },
    wide: { budget: upTo(0.7) },
    soft: { budget: { limitUsd: 0.01, hard: false } },
    minute: { budget: { ...upTo(0.15), period: 'minute', timeZone: 'Asia/Kathmandu' } },
    requests: { limits: { requestsPerMinute: 100 } },
    calls: { limits: { concurrentCalls: 10 }, pace: delayed(OPEN_MS) },
    free: {},
    burst: { limits: { requestsPerMinute: 100 }, calm: true },
    crowd: { limits: { concurrentCalls: 10 }, pace: delayed(2 * OPEN_MS), calm: true },
  };
}

export async function createProjects(gateway, settings) {
  const projects = [];
  for (const [name, terms] of Object.entries(termsOf(settings))) {
    projects.push(await createProject(gateway, name, terms));
  }
  return projects;
}
