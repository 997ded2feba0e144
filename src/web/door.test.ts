import { beforeAll, describe, expect, test } from 'bun:test';
import { Door, type DoorPolicy, type Refusal } from './door.ts';
import { Gate } from './gate.ts';
import type { Server } from './listen.ts';

const OPEN: DoorPolicy = { users: new Map(), openPaths: [], headers: [], rateLimit: undefined };
const SERVER = { requestIP: () => ({ address: '127.0.0.1' }) } as unknown as Server;

let users: Map<string, string>;
beforeAll(async () => {
  users = new Map([['u', await Bun.password.hash('p', { algorithm: 'bcrypt', cost: 4 })]]);
});

function door(policy: Partial<DoorPolicy>) {
  const refused: Refusal[] = [];
  let inside = 0;
  const it = new Door(
    () => {
      inside++;
      return new Response('inside');
    },
    new Gate(),
    (why) => refused.push(why),
  );
  it.policy = { ...OPEN, ...policy };
  return {
    it,
    refused,
    inside: () => inside,
    ask: (path: string, password?: string, method = 'GET') => {
      const headers: Record<string, string> =
        password === undefined ? {} : { Authorization: `Basic ${btoa(`u:${password}`)}` };
      return it.handle(new Request(`http://localhost${path}`, { method, headers }), SERVER);
    },
  };
}

describe('Door', () => {
  test('lets everybody in without users, at once', () => {
    const { ask } = door({});
    expect(ask('/metrics')).toBeInstanceOf(Response);
  });

  test('asks for a password at every path and method, and says so as HTTP does', async () => {
    const { ask, inside, refused } = door({ users });
    const paths = [
      '/metrics',
      '/',
      '/-/healthy',
      '/-/ready',
      '/api/v1/status',
      '/none',
      '//',
      '/%2e',
    ];
    for (const path of paths) {
      for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS', 'DELETE']) {
        const answer = await ask(path, undefined, method);
        expect(answer.status).toBe(401);
        expect(answer.headers.get('WWW-Authenticate')).toBe(
          'Basic realm="edgegauge", charset="UTF-8"',
        );
      }
    }
    expect(inside()).toBe(0);
    expect(new Set(refused)).toEqual(new Set(['unauthorized']));
  });

  test('lets in who knows the password; the second time without an await', async () => {
    const { ask } = door({ users });
    expect((await ask('/metrics', 'x')).status).toBe(401);
    expect(await (await ask('/metrics', 'p')).text()).toBe('inside');
    const again = ask('/metrics', 'p');
    expect(again).toBeInstanceOf(Response);
  });

  test('open paths are open, those that look like them are not', async () => {
    const { ask } = door({ users, openPaths: ['/-/healthy'] });
    for (const path of ['/-/healthy', '/-/healthy?x=/metrics', '/%2D/healthy']) {
      expect([path, (await ask(path)).status]).toEqual([path, 200]);
    }
    for (const path of [
      '/-/healthy/',
      '/-/healthy/../../metrics',
      '/metrics?/-/healthy',
      '//-/healthy',
    ]) {
      expect([path, (await ask(path)).status]).toEqual([path, 401]);
    }
  });

  test('tells who guesses too much to come again', async () => {
    const { ask, refused } = door({ users });
    const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => ask('/', `guess ${i}`)));
    const busy = answers.filter(({ status }) => status === 503);
    expect(busy.length).toBe(8);
    expect(busy[0]?.headers.get('Retry-After')).toBe('1');
    expect(refused.filter((why) => why === 'busy').length).toBe(8);
  });

  test('limits the rate of everything, before passwords are looked at', async () => {
    const { ask, refused } = door({ users, rateLimit: { interval: 3_600_000, burst: 2 } });
    expect((await ask('/metrics', 'p')).status).toBe(200);
    expect((await ask('/metrics')).status).toBe(401);
    const third = await ask('/metrics', 'p');
    expect([third.status, third.headers.get('Retry-After')]).toEqual([429, '3600']);
    expect(refused).toEqual(['unauthorized', 'rate_limit']);
  });

  test('sends the headers with every answer, refusals too', async () => {
    const headers = [['X-Frame-Options', 'sameorigin']] as const;
    const { ask } = door({ users, headers });
    for (const answer of [await ask('/'), await ask('/', 'p'), await ask('/', 'p')]) {
      expect(answer.headers.get('X-Frame-Options')).toBe('sameorigin');
    }
  });

  test('a changed policy holds from the next request; the same users are remembered', async () => {
    const { it, ask } = door({ users });
    expect((await ask('/', 'p')).status).toBe(200);
    it.policy = { ...OPEN, users: new Map(users), openPaths: ['/x'] };
    expect(ask('/', 'p')).toBeInstanceOf(Response);
    it.policy = { ...OPEN, users: new Map([['other', users.get('u') ?? '']]) };
    expect((await ask('/', 'p')).status).toBe(401);
    it.policy = OPEN;
    expect((await ask('/')).status).toBe(200);
  });

  test('an unchanged limit keeps its tokens over a reload', async () => {
    const rateLimit = { interval: 3_600_000, burst: 1 };
    const { it, ask } = door({ rateLimit });
    expect((await ask('/')).status).toBe(200);
    it.policy = { ...OPEN, rateLimit: { ...rateLimit } };
    expect((await ask('/')).status).toBe(429);
  });
});
