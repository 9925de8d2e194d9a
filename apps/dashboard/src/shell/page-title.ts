import { useEffect } from 'react';

/** What tabs and screen readers call the page. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · LLM Hub`;
  }, [title]);
}
