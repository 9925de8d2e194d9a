import type { Project } from '../api/types.js';
import { moment } from '../format.js';

/** In words. */
export function statusOf({ status, deletesAt }: Project): string {
  return deletesAt === null ? status : `deleted, for good ${moment(deletesAt)}`;
}
