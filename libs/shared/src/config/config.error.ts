/** A setting stops the start. The message is one line: the variable, what is wrong (never its value), the remedy. */
export class ConfigError extends Error {
  constructor(variable: string, problem: string) {
    super(`${variable} ${problem}`);
    this.name = 'ConfigError';
  }
}
