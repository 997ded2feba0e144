/** Who may come in: users and the bcrypt hashes of their passwords. */
import { type Credentials, readCredentials } from './credentials.ts';
import type { Gate } from './gate.ts';

/** Verified answers that are remembered, of each kind. Right ones are as many as there are scrapers. */
const KEPT = 100;

/** `busy`: too many passwords are being checked; nothing is known of this one. */
export type Verdict = 'right' | 'wrong' | 'busy';

/**
 * A check costs tens of milliseconds on another thread, so its answer is remembered under a hash of the
 * header with a key of this process: neither the memory nor a core of it has a password. Wrong answers have
 * a memory of their own, so that guesses cannot push the right ones out.
 */
export class Passwords {
  readonly #users: ReadonlyMap<string, string>;
  readonly #gate: Gate;
  /** What a user that is not known is checked against, so that it takes as long. */
  readonly #decoy: string;
  readonly #secret = crypto.getRandomValues(Buffer.alloc(32));
  readonly #right = new Set<string>();
  readonly #wrong = new Set<string>();
  readonly #pending = new Map<string, Promise<Verdict>>();

  constructor(users: ReadonlyMap<string, string>, gate: Gate) {
    this.#users = users;
    this.#gate = gate;
    // The cost stands at the same place in each: the dearest is the last in order.
    const cost = (hash: string): number => Number(hash.slice(4, 6));
    this.#decoy = [...users.values()].sort((a, b) => cost(a) - cost(b)).at(-1) ?? '';
  }

  /** `client` is where the request comes from. At once for a header that has been seen. */
  check(header: string, client: () => string): Verdict | Promise<Verdict> {
    const key = new Bun.CryptoHasher('sha256', this.#secret).update(header).digest('base64');
    if (this.#right.has(key)) return 'right';
    if (this.#wrong.has(key)) return 'wrong';
    const credentials = readCredentials(header);
    if (credentials === undefined) return 'wrong';
    const pending = this.#pending.get(key);
    if (pending !== undefined) return pending;
    const verdict = this.#gate.enter(client(), () => this.#verify(credentials));
    if (verdict === undefined) return 'busy';
    this.#pending.set(key, verdict);
    return verdict
      .then((answer) => {
        remember(answer === 'right' ? this.#right : this.#wrong, key);
        return answer;
      })
      .finally(() => this.#pending.delete(key));
  }

  async #verify({ user, password }: Credentials): Promise<Verdict> {
    const hash = this.#users.get(user);
    const check = Bun.password.verify(password, hash ?? this.#decoy);
    // A hash that cannot be read: the configuration refuses those that it knows of.
    const matches = await check.catch(() => false);
    return matches && hash !== undefined ? 'right' : 'wrong';
  }
}

/** The oldest goes where there are too many. */
function remember(set: Set<string>, key: string): void {
  const [oldest] = set;
  if (set.size >= KEPT && oldest !== undefined) set.delete(oldest);
  set.add(key);
}
