export interface SettingInfo {
  readonly property: string;
  readonly variable: string;
  /** What a right value looks like; ends the error line. */
  readonly expects: string;
  readonly aliases: readonly string[];
}

const settings: SettingInfo[] = [];

/** Binds a property of `Config` to its environment variable. */
export function Setting(
  variable: string,
  expects: string,
  aliases: readonly string[] = [],
): PropertyDecorator {
  return (_target, property) => {
    settings.push({ property: String(property), variable, expects, aliases });
  };
}

export function allSettings(): readonly SettingInfo[] {
  return settings;
}
