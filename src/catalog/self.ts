/** What edgegauge says about itself. These have the same name in every dialect. */
import { type Row, signals } from './signal.ts';

const every = (name: string): Pick<Row, 'native' | 'node' | 'dcgm'> => ({
  native: name,
  node: name,
  dcgm: name,
});

export const SELF = signals('self', {
  sourceUp: {
    type: 'gauge',
    help: 'Whether the last sample of this source succeeded; 0 also where this machine has nothing for it to read.',
    labels: ['source'],
    ...every('edgegauge_source_up'),
  },
  sourceDuration: {
    type: 'gauge',
    unit: 'seconds',
    help: 'How long the last sample of this source took.',
    labels: ['source'],
    ...every('edgegauge_source_duration_seconds'),
  },
  sourceLastSuccess: {
    type: 'gauge',
    unit: 'seconds',
    help: 'Unix time of the last successful sample of this source.',
    labels: ['source'],
    ...every('edgegauge_source_last_success_timestamp_seconds'),
  },
  collectorDuration: {
    type: 'gauge',
    unit: 'seconds',
    help: 'How long the last sample of the file or device behind this collector took.',
    labels: ['collector'],
    node: 'node_scrape_collector_duration_seconds',
  },
  collectorSuccess: {
    type: 'gauge',
    help: 'Whether this collector had something to read and read it.',
    labels: ['collector'],
    node: 'node_scrape_collector_success',
  },
  buildInfo: {
    type: 'gauge',
    help: 'A constant 1; the labels say which edgegauge this is.',
    labels: ['version', 'revision', 'runtime', 'arch'],
    ...every('edgegauge_build_info'),
  },
  scrapeDuration: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Time from the arrival of a scrape to its finished body, compression included.',
    ...every('edgegauge_scrape_duration_seconds'),
  },
  responseBytes: {
    type: 'histogram',
    unit: 'bytes',
    help: 'Size of the bodies of scrapes as sent.',
    ...every('edgegauge_response_bytes'),
  },
  requests: {
    type: 'counter',
    help: 'Scrapes answered, by HTTP status code.',
    labels: ['code'],
    ...every('edgegauge_scrapes_total'),
  },
  inFlight: {
    type: 'gauge',
    help: 'HTTP requests that wait for their answer or are being sent it.',
    ...every('edgegauge_scrapes_in_flight'),
  },
  reloadSuccess: {
    type: 'gauge',
    help: 'Whether the last reload of the configuration succeeded.',
    ...every('edgegauge_config_last_reload_successful'),
  },
  reloadTime: {
    type: 'gauge',
    unit: 'seconds',
    help: 'Unix time of the last successful load of the configuration.',
    ...every('edgegauge_config_last_reload_success_timestamp_seconds'),
  },
  webReloadSuccess: {
    type: 'gauge',
    help: 'Whether the last reload of the web configuration succeeded; the one before stays in force where it did not.',
    ...every('edgegauge_web_config_last_reload_successful'),
  },
  webReloadTime: {
    type: 'gauge',
    unit: 'seconds',
    help: 'Unix time of the last successful load of the web configuration.',
    ...every('edgegauge_web_config_last_reload_success_timestamp_seconds'),
  },
  webHandovers: {
    type: 'counter',
    help: 'Times that the listening sockets were handed over because certificates or TLS settings changed.',
    ...every('edgegauge_web_handovers_total'),
  },
  webResets: {
    type: 'counter',
    help: 'Connections that waited to be accepted when a listening socket was handed over, and were reset.',
    ...every('edgegauge_web_handover_resets_total'),
  },
  webCertificateEnd: {
    type: 'gauge',
    unit: 'seconds',
    help: 'Unix time at which the certificate ends that new connections are shown.',
    ...every('edgegauge_web_certificate_not_after_timestamp_seconds'),
  },
  webRefusals: {
    type: 'counter',
    help: 'Requests that were turned away: unauthorized (no right password), busy (too many passwords to check) or rate_limit.',
    labels: ['reason'],
    ...every('edgegauge_web_refusals_total'),
  },
  anonymousMemory: {
    type: 'gauge',
    unit: 'bytes',
    help: 'Memory of this process that no file backs: what it really costs the machine.',
    ...every('edgegauge_memory_anonymous_bytes'),
  },
  heap: {
    type: 'gauge',
    unit: 'bytes',
    help: 'Size of the JavaScript heap after the last look at it.',
    ...every('edgegauge_memory_heap_bytes'),
  },
});

/** What Prometheus client libraries say of their process, under the names that they use. */
export const PROCESS = signals('self', {
  cpu: {
    type: 'counter',
    unit: 'seconds',
    help: 'User and system CPU time of the serving process.',
    ...every('process_cpu_seconds_total'),
  },
  start: {
    type: 'gauge',
    unit: 'seconds',
    help: 'Unix time when the process started.',
    ...every('process_start_time_seconds'),
  },
  resident: {
    type: 'gauge',
    unit: 'bytes',
    help: 'Resident memory, most of it the executable shared with the page cache.',
    ...every('process_resident_memory_bytes'),
  },
  virtual: {
    type: 'gauge',
    unit: 'bytes',
    help: 'Virtual memory; the JavaScript engine reserves gigabytes that it never touches.',
    ...every('process_virtual_memory_bytes'),
  },
  virtualMax: {
    type: 'gauge',
    unit: 'bytes',
    help: 'Most virtual memory the process may have; left out where there is no limit.',
    ...every('process_virtual_memory_max_bytes'),
  },
  threads: {
    type: 'gauge',
    help: 'Threads of the process.',
    ...every('process_threads'),
  },
  openFds: {
    type: 'gauge',
    help: 'Open file descriptors.',
    ...every('process_open_fds'),
  },
  maxFds: {
    type: 'gauge',
    help: 'Most file descriptors that may be open.',
    ...every('process_max_fds'),
  },
});
