/** Flags from the table of settings. Flags win over the file. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { expected, flaw, readValue, writeValue } from '../config/kinds.ts';
import type { Setting, Settings, Value } from '../config/setting.ts';
import { SETTINGS } from '../config/settings.ts';

/** Adds a flag per setting to a command; what was given on the command line ends up in `into`. */
export function addFlags(command: Command, into: Map<string, Value>): void {
  for (const setting of SETTINGS) {
    for (const option of options(setting, into)) command.addOption(option);
  }
}

function options(setting: Setting, into: Map<string, Value>): Option[] {
  const { flag, help } = setting;
  const standard = `${help} (default ${writeValue(setting, setting.default)})`;
  if (setting.kind === 'boolean') {
    // The parsed value is unused: what counts is which of the two stood on the command line.
    const on = new Option(`--${flag}`, standard);
    const off = new Option(`--no-${flag}`, `Not --${flag}.`).hideHelp();
    return [on, off];
  }
  const option = new Option(
    `--${flag} <${setting.kind === 'duration' ? 'duration' : 'value'}>`,
    standard,
  );
  option.argParser((text: string) => {
    into.set(setting.path, value(setting, text, into.get(setting.path)));
    return text;
  });
  return [option];
}

/** Booleans have no argument to parse; commander tells of them by events. */
export function watchSwitches(command: Command, into: Map<string, Value>): void {
  for (const { flag, kind, path } of SETTINGS) {
    if (kind !== 'boolean') continue;
    command.on(`option:${flag}`, () => into.set(path, true));
    command.on(`option:no-${flag}`, () => into.set(path, false));
  }
}

function value(setting: Setting, text: string, before: Value | undefined): Value {
  const list = ['texts', 'addresses', 'choices'].includes(setting.kind);
  const earlier = Array.isArray(before) ? (before as string[]) : [];
  const raw = list
    ? [...earlier, ...(setting.kind === 'choices' ? text.split(',') : [text])]
    : text;
  const read = readValue(setting, raw);
  if (read === undefined) {
    throw new InvalidArgumentError(`${flaw(setting, raw) ?? `It is not ${expected(setting)}`}.`);
  }
  return read;
}

export type { Settings };
