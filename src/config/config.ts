/** The configuration as the program uses it: every value is there, durations are milliseconds. */
import type { Dialect } from '../catalog/signal.ts';
import { COLLECTORS } from './collectors.ts';
import { type GpuConfig, gpuConfig } from './gpu.ts';
import { type ServingConfig, servingConfig } from './serving.ts';
import type { Settings, Value } from './setting.ts';
import { BLOCK_BY_PATH, type LOG_FORMATS, type LOG_LEVELS, SETTING_BY_PATH } from './settings.ts';

export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogFormat = (typeof LOG_FORMATS)[number];

export interface CollectorConfig {
  readonly enabled: boolean;
  /** Options by their keys in camel case, as the sources name them. */
  readonly options: Readonly<Record<string, Value>>;
}

export interface Config {
  readonly web: {
    readonly listenAddresses: readonly string[];
    readonly telemetryPath: string;
    readonly enableLifecycle: boolean;
    /** Empty: there is none. */
    readonly configFile: string;
    readonly healthyUnauthenticated: boolean;
  };
  /** What a scrape gets that asks for no dialect. */
  readonly dialects: readonly Dialect[];
  readonly path: {
    readonly procfs: string;
    readonly sysfs: string;
    readonly rootfs: string;
    readonly udevData: string;
  };
  readonly log: { readonly level: LogLevel; readonly format: LogFormat };
  /** Milliseconds each. */
  readonly poll: {
    readonly interval: number;
    readonly idleInterval: number;
    readonly idleAfter: number;
    readonly deadline: number;
    readonly cpuUsageInterval: number;
  };
  readonly gpu: GpuConfig;
  readonly serving: ServingConfig;
  readonly collectors: Readonly<Record<string, CollectorConfig>>;
}

/** Fills in the defaults. Later settings win over earlier ones (file, then flags). */
export function buildConfig(...layers: readonly Settings[]): Config {
  const get = (path: string): Value => {
    for (let i = layers.length - 1; i >= 0; i--) {
      const value = layers[i]?.get(path);
      if (value !== undefined) return value;
    }
    const setting = SETTING_BY_PATH.get(path);
    if (BLOCK_BY_PATH.has(path)) return [];
    if (setting === undefined) throw new Error(`no such setting: ${path}`);
    return setting.default;
  };
  const text = (path: string): string => get(path) as string;
  const number = (path: string): number => get(path) as number;
  return {
    web: {
      listenAddresses: get('web.listen_addresses') as readonly string[],
      telemetryPath: text('web.telemetry_path'),
      enableLifecycle: get('web.enable_lifecycle') as boolean,
      configFile: text('web.config_file'),
      healthyUnauthenticated: get('web.healthy_unauthenticated') as boolean,
    },
    dialects: get('dialects') as readonly Dialect[],
    path: {
      procfs: text('path.procfs'),
      sysfs: text('path.sysfs'),
      rootfs: text('path.rootfs'),
      udevData: text('path.udev_data'),
    },
    log: {
      level: text('log.level') as LogLevel,
      format: text('log.format') as LogFormat,
    },
    poll: {
      interval: number('poll.interval'),
      idleInterval: number('poll.idle_interval'),
      idleAfter: number('poll.idle_after'),
      deadline: number('poll.deadline'),
      cpuUsageInterval: number('poll.cpu_usage_interval'),
    },
    gpu: gpuConfig(get),
    serving: servingConfig(get),
    collectors: Object.fromEntries(
      COLLECTORS.map((c): [string, CollectorConfig] => [
        c.name,
        {
          enabled: get(`collectors.${c.name}.enabled`) as boolean,
          options: Object.fromEntries(
            c.options.map((o) => [camel(o.key), get(`collectors.${c.name}.${o.key}`)]),
          ),
        },
      ]),
    ),
  };
}

const camel = (key: string): string => key.replace(/_(.)/g, (_, c: string) => c.toUpperCase());
