/** Every setting. The order is that of the file and of the help. */
import { DIALECTS } from '../catalog/signal.ts';
import type { BlockSetting } from './block.ts';
import { COLLECTORS } from './collectors.ts';
import { GPU_SETTINGS } from './gpu.ts';
import { SERVING_BLOCKS, SERVING_SETTINGS } from './serving.ts';
import type { Setting } from './setting.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export const LOG_FORMATS = ['logfmt', 'json'] as const;

const GENERAL: readonly Setting[] = [
  {
    path: 'web.listen_addresses',
    flag: 'web.listen-address',
    kind: 'addresses',
    default: [':9835'],
    help: 'Where to listen: :PORT, HOST:PORT, [IPv6]:PORT or unix:/PATH. May be repeated.',
    fixed: true,
  },
  {
    path: 'web.telemetry_path',
    flag: 'web.telemetry-path',
    kind: 'path',
    default: '/metrics',
    help: 'Path of the metrics.',
    fixed: true,
  },
  {
    path: 'web.enable_lifecycle',
    flag: 'web.enable-lifecycle',
    kind: 'boolean',
    default: false,
    help: 'Allow POST /-/reload.',
    fixed: true,
  },
  {
    path: 'web.config_file',
    flag: 'web.config.file',
    kind: 'text',
    default: '',
    help: "File with TLS, passwords and limits, in the format of Prometheus' exporters. It is watched.",
    fixed: true,
  },
  {
    path: 'web.healthy_unauthenticated',
    flag: 'web.healthy-unauthenticated',
    kind: 'boolean',
    default: false,
    help: 'Answer /-/healthy without a password.',
    fixed: true,
  },
  {
    path: 'dialects',
    flag: 'dialect',
    kind: 'choices',
    of: DIALECTS,
    default: ['native'],
    help: 'Vocabularies of a scrape that asks for none: native, node (node_exporter names), dcgm (dcgm-exporter names), or several.',
  },
  {
    path: 'path.procfs',
    flag: 'path.procfs',
    kind: 'text',
    default: '/proc',
    help: 'Where procfs is mounted.',
  },
  {
    path: 'path.sysfs',
    flag: 'path.sysfs',
    kind: 'text',
    default: '/sys',
    help: 'Where sysfs is mounted.',
  },
  {
    path: 'path.rootfs',
    flag: 'path.rootfs',
    kind: 'text',
    default: '/',
    help: 'Where the root file system is mounted.',
  },
  {
    path: 'path.udev_data',
    flag: 'path.udev.data',
    kind: 'text',
    default: '/run/udev/data',
    help: 'Where udev keeps what it knows of devices.',
  },
  {
    path: 'log.level',
    flag: 'log.level',
    kind: 'choice',
    of: LOG_LEVELS,
    default: 'info',
    help: 'Least severe messages to log: debug, info, warn or error.',
  },
  {
    path: 'log.format',
    flag: 'log.format',
    kind: 'choice',
    of: LOG_FORMATS,
    default: 'logfmt',
    help: 'Form of log lines: logfmt or json.',
  },
  {
    path: 'poll.interval',
    flag: 'poll.interval',
    kind: 'duration',
    default: 1000,
    help: 'Time between two samples of devices while somebody scrapes.',
  },
  {
    path: 'poll.idle_interval',
    flag: 'poll.idle-interval',
    kind: 'duration',
    default: 10_000,
    help: 'Time between two samples of devices while nobody scrapes.',
  },
  {
    path: 'poll.idle_after',
    flag: 'poll.idle-after',
    kind: 'duration',
    default: 120_000,
    help: 'For how long no scrape must have come until nobody scrapes.',
  },
  {
    path: 'poll.deadline',
    flag: 'poll.deadline',
    kind: 'duration',
    default: 5000,
    help: 'A probe that hangs at a device for so long is killed and started again without that device.',
  },
  {
    path: 'poll.cpu_usage_interval',
    flag: 'poll.cpu-usage-interval',
    kind: 'duration',
    default: 5000,
    help: 'Window over which cpu_usage_percent is computed.',
    fixed: true,
  },
];

/** Which collectors run, and their options, need the sources to be built anew. */
const ofCollectors = (): Setting[] =>
  COLLECTORS.flatMap((c): Setting[] => [
    {
      path: `collectors.${c.name}.enabled`,
      flag: `collector.${c.name}`,
      kind: 'boolean',
      default: c.enabled,
      help: c.help,
    },
    ...c.options.map(
      (o): Setting => ({
        path: `collectors.${c.name}.${o.key}`,
        flag: o.flag ?? `collector.${c.name}.${o.key.replaceAll('_', '-')}`,
        kind: o.kind,
        default: o.default,
        help: o.help,
      }),
    ),
  ]);

export const SETTINGS: readonly Setting[] = [
  ...GENERAL,
  ...GPU_SETTINGS,
  ...SERVING_SETTINGS,
  ...ofCollectors(),
];

export const BLOCK_BY_PATH: ReadonlyMap<string, BlockSetting> = new Map(
  SERVING_BLOCKS.map((b) => [b.path, b]),
);

export const SETTING_BY_PATH: ReadonlyMap<string, Setting> = new Map(
  SETTINGS.map((s) => [s.path, s]),
);
