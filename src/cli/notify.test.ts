import { describe, expect, test } from 'bun:test';
import { connect, Notifier, type NotifyOptions } from './notify.ts';

/** A systemd that answers every message with what `errnos` says, then with success. */
function systemd(...errnos: number[]) {
  const sent: string[] = [];
  const logged: string[] = [];
  const options: NotifyOptions = {
    status: () => '9 series',
    clocks: () => [],
    sample: () => {},
    log: (_level, message) => logged.push(message),
  };
  const datagrams = {
    send: (text: string): number => {
      sent.push(text);
      return errnos.shift() ?? 0;
    },
    monotonic: () => 123_456_789,
  };
  return { sent, logged, notifier: new Notifier(datagrams, {}, options) };
}

const EAGAIN = 11;
const ENOENT = 2;
const READY = 'READY=1\nSTATUS=9 series';

describe('Notifier', () => {
  test('says what sd_notify(3) calls it', () => {
    const { sent, notifier } = systemd();
    notifier.ready();
    notifier.reloading();
    notifier.ready();
    notifier.stopping();
    expect(sent).toEqual([
      READY,
      'RELOADING=1\nMONOTONIC_USEC=123456789\nSTATUS=Reading the configuration again',
      READY,
      'STOPPING=1\nSTATUS=Answering what was asked',
    ]);
  });

  test('says again what systemd had no room for, without a word in the log', async () => {
    const { sent, logged, notifier } = systemd(EAGAIN, EAGAIN);
    notifier.ready();
    while (sent.length < 3) await Bun.sleep(10);
    expect(sent).toEqual([READY, READY, READY]);
    expect(logged).toEqual([]);
    notifier.stopping();
  });

  test('logs once that nobody listens', () => {
    const { logged, notifier } = systemd(ENOENT, ENOENT, ENOENT);
    notifier.ready();
    notifier.reloading();
    notifier.ready();
    notifier.stopping();
    expect(logged).toEqual(['systemd does not listen']);
  });

  test('is not ready any more once it ends, whatever ends after that', () => {
    const { sent, notifier } = systemd();
    notifier.stopping();
    notifier.ready();
    expect(sent).toHaveLength(1);
  });
});

test('connect() has nobody to tell without NOTIFY_SOCKET', () => {
  const { status, clocks, sample } = { status: () => '', clocks: () => [], sample: () => {} };
  const log = () => {
    throw new Error('nothing to log');
  };
  expect(connect({}, { status, clocks, sample, log })).toBeUndefined();
  expect(connect({ NOTIFY_SOCKET: '' }, { status, clocks, sample, log })).toBeUndefined();
});
