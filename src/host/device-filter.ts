/** Which devices a source reads, as node_exporter's `device-exclude` and `device-include` say it. */
export interface DeviceFilterOptions {
  /** Regular expression; devices that match are left out. */
  readonly deviceExclude?: string;
  /** Regular expression; only devices that match are read. */
  readonly deviceInclude?: string;
}

/** Answers whether a device is to be read. Throws SyntaxError for a pattern that is none. */
export function deviceFilter(options: DeviceFilterOptions): (device: string) => boolean {
  const exclude = options.deviceExclude ? new RegExp(options.deviceExclude) : undefined;
  const include = options.deviceInclude ? new RegExp(options.deviceInclude) : undefined;
  return (device) => exclude?.test(device) !== true && include?.test(device) !== false;
}
