/** Child of frame.test.ts: writes frames as fast as it can into the mapping it is given, each full of its number. */
import { FrameWriter } from './frame.ts';

const bytes = Bun.mmap(process.argv[2] ?? '', { shared: true });
const writer = new FrameWriter(bytes);
const values = new Float64Array(writer.capacity);
// Without a parent it ends: somebody has to stop it.
for (let n = 1; process.ppid !== 1; n++) {
  values.fill(n);
  writer.write(values, values.length, n, n);
}
