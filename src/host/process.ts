/** /proc/self/stat and /proc/self/status: what the serving process costs. man 5 proc. Always of the real procfs. */
import type { Source } from '../board/source.ts';
import { PROCESS, SELF } from '../catalog/self.ts';
import { fileSource } from './file-source.ts';

/** Kernel clock ticks per second, as user space is told them on every Linux architecture we run on. */
const USER_HZ = 100;

const STATUS = {
  VmSize: PROCESS.virtual,
  VmRSS: PROCESS.resident,
  RssAnon: SELF.anonymousMemory,
};

export function ownProcess(): Source {
  let user = -1;
  let system = -1;
  return fileSource({
    name: 'process',
    collectors: ['self'],
    files: [
      {
        path: '/proc/self/stat',
        shape({ tokens }, program, draft) {
          // The second field is the name in parentheses and may hold spaces: count from its end. Another
          // name may have another number of them, and whoever may write to /proc/self/comm can give it.
          const name = tokens.findLastIndex((t) => t.endsWith(')')) + 1;
          user = draft.slot(PROCESS.cpu);
          system = draft.scratch('system');
          for (const part of tokens.slice(0, name)) program.word(part);
          program.skip(11);
          program.number(user);
          program.number(system);
        },
      },
      {
        path: '/proc/self/status',
        separators: ' \t:',
        shape({ tokens: [key, value] }, program, draft) {
          const signal = STATUS[key as keyof typeof STATUS];
          if (signal !== undefined) {
            program.word(key as string);
            program.number(draft.slot(signal), { times: 1024 });
          } else if (key === 'Threads' && value !== undefined) {
            program.word(key);
            program.number(draft.slot(PROCESS.threads));
          }
        },
      },
    ],
    after(values) {
      values[user] = ((values[user] as number) + (values[system] as number)) / USER_HZ;
    },
  });
}
