import { expect, test } from 'bun:test';
import { promises } from 'node:fs';
import { Stage } from './stage.fixture.ts';

test('a child is told what the one before it said last, though nobody scraped since', async () => {
  let read = (): number => 1;
  await using stage = new Stage({ a: '1' }, { legacy: () => read() });
  await stage.shows('test_value_bytes{device="a"} 1', 'test_value_bytes{device="told"} 1');
  read = () => {
    const [a] = [...stage.layout.series('probe:test')].filter((s) => s.labels['device'] === 'a');
    return stage.layout.board.values[a?.slot ?? 0] as number;
  };
  // Each opens when the child reads it, the second after the frame of the first.
  const path = `${stage.device('a')}/value`;
  stage.hang('a');
  const first = await promises.open(path, 'w');
  stage.hang('a');
  await first.writeFile('2');
  await first.close();
  const second = await promises.open(path, 'w');
  stage.put('a', '3');
  await second.writeFile('abort');
  await second.close();
  await stage.shows('test_value_bytes{device="a"} 3', 'test_value_bytes{device="told"} 2');
  expect(stage.supervisor.status().restarts).toMatchObject({ SIGABRT: 1 });
});
