export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const STORED = 'theme';
/** Told to whoever draws in colours that CSS does not change by itself. */
export const THEME_EVENT = 'llmhub:theme';

export function storedTheme(): Theme {
  const stored = localStorage.getItem(STORED);
  return THEMES.find(theme => theme === stored) ?? 'system';
}

/** Changes the page, and remembers it for the next time. */
export function applyTheme(theme: Theme): void {
  localStorage.setItem(STORED, theme);
  document.documentElement.dataset['theme'] = theme;
  window.dispatchEvent(new Event(THEME_EVENT));
}
