/** Models after Opus 4.6: they refuse sampling, and an answer begun by the caller. */
export function isNewModel(model: string): boolean {
  const [, major = '0', minor = '0'] = /^claude-[a-z]+-(\d+)(?:-(\d{1,2})(?!\d))?/.exec(model) ?? [];
  return Number(major) > 4 || (Number(major) === 4 && Number(minor) > 6);
}
