// Names as they come, labels as they are shown.
import { expect, test } from 'vitest';
import { shortName } from '../../source/probes/short-name.ts';

test.each([
  ['buffer_size', 'buffer_size'],
  ['exactly_eighteen_c', 'exactly_eighteen_c'],
  ['kafka_consumer_fetch_manager_records_lag', '…records_lag'],
  ['app.buffer.queue.depth.now', '…queue.depth.now'],
  ['broker/kafka/eu-central-1', '…eu-central-1'],
  ['averyveryverylongsingleword', 'averyveryverylong…'],
  ['short averyveryverylongsingleword', '…averyveryverylon…'],
  ['a\u001b[31mb', 'a [31mb'],
  ['', ''],
])('%j becomes %j', (name, label) => {
  expect(shortName(name)).toBe(label);
});
