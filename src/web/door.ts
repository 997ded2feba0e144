/** What every request passes before anything is looked at: rate limit, password; and headers on its answer. */
import { clientOf } from './client.ts';
import type { Gate } from './gate.ts';
import type { Handler, Server } from './listen.ts';
import { Passwords, type Verdict } from './passwords.ts';
import { pathOf } from './path.ts';
import { RateLimit } from './rate-limit.ts';

export interface DoorPolicy {
  /** bcrypt hashes by user; empty: no password is asked for. */
  readonly users: ReadonlyMap<string, string>;
  /** Answered without a password. */
  readonly openPaths: readonly string[];
  readonly headers: readonly (readonly [string, string])[];
  /** Milliseconds. */
  readonly rateLimit: { readonly interval: number; readonly burst: number } | undefined;
}

export const REFUSALS = ['unauthorized', 'busy', 'rate_limit'] as const;
export type Refusal = (typeof REFUSALS)[number];

const TYPE = { 'Content-Type': 'text/plain; charset=utf-8' };
const CHALLENGE = { 'WWW-Authenticate': 'Basic realm="edgegauge", charset="UTF-8"' };

/**
 * One door for all listeners; its policy changes under it. What does not come through is told to `refused`.
 * A request with a password that has been seen is answered without an await.
 */
export class Door {
  readonly #inner: Handler;
  readonly #gate: Gate;
  readonly #refused: (why: Refusal) => void;
  #policy: DoorPolicy = { users: new Map(), openPaths: [], headers: [], rateLimit: undefined };
  #passwords: Passwords | undefined;
  #limit: RateLimit | undefined;

  constructor(inner: Handler, gate: Gate, refused: (why: Refusal) => void) {
    this.#inner = inner;
    this.#gate = gate;
    this.#refused = refused;
  }

  /** What has not changed keeps what it remembers: passwords that were verified, tokens that are left. */
  set policy(policy: DoorPolicy) {
    const { users, rateLimit } = policy;
    if (!Bun.deepEquals(users, this.#policy.users)) {
      this.#passwords = users.size === 0 ? undefined : new Passwords(users, this.#gate);
    }
    if (!Bun.deepEquals(rateLimit, this.#policy.rateLimit)) {
      this.#limit =
        rateLimit === undefined
          ? undefined
          : new RateLimit(rateLimit.interval, rateLimit.burst, performance.now());
    }
    this.#policy = policy;
  }

  readonly handle: Handler = (request, server) => {
    const answer = this.#answer(request, server);
    if (this.#policy.headers.length === 0) return answer;
    return answer instanceof Promise ? answer.then(this.#dress) : this.#dress(answer);
  };

  #answer(request: Request, server: Server): Response | Promise<Response> {
    if (this.#limit?.pass(performance.now()) === false) return this.#tooMany(this.#limit.wait);
    const passwords = this.#passwords;
    if (passwords === undefined) return this.#inner(request, server);
    const header = request.headers.get('authorization');
    if (this.#isOpen(request)) return this.#inner(request, server);
    if (header === null) return this.#verdict('wrong', request, server);
    const verdict = passwords.check(header, () =>
      clientOf(server.requestIP(request)?.address ?? ''),
    );
    return verdict instanceof Promise
      ? verdict.then((v) => this.#verdict(v, request, server))
      : this.#verdict(verdict, request, server);
  }

  #isOpen(request: Request): boolean {
    const { openPaths } = this.#policy;
    return openPaths.length > 0 && openPaths.includes(pathOf(request));
  }

  #verdict(verdict: Verdict, request: Request, server: Server): Response | Promise<Response> {
    if (verdict === 'right') return this.#inner(request, server);
    if (verdict === 'wrong') {
      this.#refused('unauthorized');
      return new Response('Unauthorized\n', { status: 401, headers: { ...TYPE, ...CHALLENGE } });
    }
    this.#refused('busy');
    const headers = { ...TYPE, 'Retry-After': '1' };
    return new Response('Too many passwords are being checked.\n', { status: 503, headers });
  }

  #tooMany(wait: number): Response {
    this.#refused('rate_limit');
    const headers = { ...TYPE, 'Retry-After': String(wait) };
    return new Response('Too many requests.\n', { status: 429, headers });
  }

  readonly #dress = (response: Response): Response => {
    for (const [name, value] of this.#policy.headers) response.headers.set(name, value);
    return response;
  };
}
