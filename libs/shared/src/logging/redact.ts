const SECRETS =
  /\b(?:pk|ak|sk|gsk|xai|rk)[_-][A-Za-z0-9_-]{8,}|\bAIza[A-Za-z0-9_-]{10,}|(?<=\bBearer )[^\s"',]{6,}|(?<=[?&]key=)[^&\s"']+/g;

/** Takes everything that looks like a key out of a text. Used on each text that came from outside and is shown. */
export function redact(text: string): string {
  return text.replace(SECRETS, '[redacted]');
}
