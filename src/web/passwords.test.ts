import { afterEach, beforeAll, beforeEach, expect, spyOn, test } from 'bun:test';
import { Gate } from './gate.ts';
import { Passwords, type Verdict } from './passwords.ts';

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const hash = (password: string, cost: number): Promise<string> =>
  Bun.password.hash(password, { algorithm: 'bcrypt', cost });

let users: Map<string, string>;
beforeAll(async () => {
  users = new Map([
    ['cheap', await hash('one', 4)],
    ['dear', await hash('two', 6)],
  ]);
});

/** Counts checks, and against which hashes. */
let verify: ReturnType<typeof spyOn<typeof Bun.password, 'verify'>>;
beforeEach(() => {
  verify = spyOn(Bun.password, 'verify');
});
afterEach(() => verify.mockRestore());

const make = (): Passwords => new Passwords(users, new Gate());
const check = (passwords: Passwords, header: string, client = 'a'): Verdict | Promise<Verdict> =>
  passwords.check(header, () => client);

test('a right password is right, and known at once from then on', async () => {
  const passwords = make();
  expect(await check(passwords, basic('cheap', 'one'))).toBe('right');
  expect(check(passwords, basic('cheap', 'one'))).toBe('right');
  expect(verify).toHaveBeenCalledTimes(1);
});

test("another user's password, a longer one and none are wrong", async () => {
  const passwords = make();
  for (const [user, password] of [
    ['cheap', 'two'],
    ['cheap', 'one '],
    ['cheap', ''],
    ['', ''],
  ] as const) {
    expect(await check(passwords, basic(user, password))).toBe('wrong');
  }
});

test('bcrypt hashes of every scheme are understood', async () => {
  const own = users.get('cheap') ?? '';
  for (const scheme of ['$2a$', '$2b$', '$2y$']) {
    const passwords = new Passwords(new Map([['u', scheme + own.slice(4)]]), new Gate());
    expect(await check(passwords, basic('u', 'one'))).toBe('right');
  }
});

test('an unknown user costs as much as the dearest known one, and is wrong with any password', async () => {
  const passwords = make();
  for (const password of ['one', 'two']) {
    expect(await check(passwords, basic('nobody', password))).toBe('wrong');
  }
  expect(verify.mock.calls.map(([, hash]) => hash)).toEqual(Array(2).fill(users.get('dear')));
});

test('a password of more than 72 bytes is wrong without a check, whoever says it', () => {
  const passwords = make();
  for (const user of ['cheap', 'nobody']) {
    expect(check(passwords, basic(user, 'x'.repeat(73)))).toBe('wrong');
  }
  expect(verify).not.toHaveBeenCalled();
});

test('two that ask the same at once are checked once', async () => {
  const passwords = make();
  const both = [1, 2].map(() => check(passwords, basic('cheap', 'one')));
  expect(await Promise.all(both)).toEqual(['right', 'right']);
  expect(verify).toHaveBeenCalledTimes(1);
});

test('one who guesses is told to wait, and does not keep another client out', async () => {
  const passwords = make();
  const guesses = Array.from({ length: 20 }, (_, i) =>
    check(passwords, basic('dear', `guess ${i}`)),
  );
  expect(guesses.filter((guess) => guess === 'busy').length).toBe(16);
  expect(await check(passwords, basic('cheap', 'one'), 'b')).toBe('right');
  expect((await Promise.all(guesses)).filter((guess) => guess === 'wrong').length).toBe(4);
});

test('guesses do not push out a password that was right', async () => {
  const passwords = make();
  expect(await check(passwords, basic('cheap', 'one'))).toBe('right');
  for (let i = 0; i < 150; i++) await check(passwords, basic('cheap', `guess ${i}`));
  verify.mockClear();
  expect(check(passwords, basic('cheap', 'one'))).toBe('right');
  // The newest wrong ones are remembered, the oldest is forgotten.
  expect(check(passwords, basic('cheap', 'guess 149'))).toBe('wrong');
  expect(verify).not.toHaveBeenCalled();
  expect(await check(passwords, basic('cheap', 'guess 0'))).toBe('wrong');
  expect(verify).toHaveBeenCalledTimes(1);
});

test('no password is kept, not even as base64', async () => {
  const passwords = make();
  await check(passwords, basic('cheap', 'one'));
  const kept = Bun.inspect(passwords, { depth: 9 });
  expect(kept).not.toContain(basic('cheap', 'one'));
  expect(kept).not.toContain('"one"');
});
