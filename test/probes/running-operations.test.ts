// What $currentOp says of the operations that run, by value.
import { expect, test } from 'vitest';
import { currentOperation, operationsTable, slowRows } from '../../source/probes/running-operations.ts';
import { runningOperation } from '../helpers/mongo-documents.ts';

const answer = (...firstBatch: object[]) => ({ ok: 1, cursor: { id: 0, firstBatch } });

test('operations of a second and longer are counted, with the longest', () => {
  const { count, longest } = slowRows(answer(runningOperation(0.99), runningOperation(7.25), runningOperation(1)));
  expect(count).toMatchObject({ label: 'slow ops', value: 2, level: 'warn' });
  expect(longest).toMatchObject({ label: 'longest op', value: 7.25, unit: 's', level: 'warn' });
  expect(slowRows(answer())).toMatchObject({ count: { value: 0, level: 'ok' }, longest: undefined });
});

test('the table has the longest first, and says what each waits for', () => {
  const { rows, columns, note } = operationsTable(
    answer(
      runningOperation(0.002, { currentQueue: { name: 'execution' }, client: undefined, client_s: 'mongos1:5' }),
      runningOperation(3.5, {
        op: 'query',
        waitingForLock: true,
        waitingForFlowControl: true,
        planSummary: 'IXSCAN { name: 1 }',
      }),
      runningOperation(1, { ns: 'shop\u001b[2J.orders', client: undefined, planSummary: 'COLLSCAN' }),
    ),
  );
  expect(note).toBeUndefined();
  expect(columns.map(({ label }) => label)).toEqual([
    'operation',
    'namespace',
    'running',
    'waits for',
    'client',
    'program',
    'plan',
  ]);
  expect(rows).toEqual([
    [
      'query',
      'shop.orders',
      { value: 3.5, level: 'warn' },
      { value: 'lock, flow control', level: 'warn' },
      '10.0.0.9:51000',
      'shop',
      'IXSCAN',
    ],
    ['insert', 'shop [2J.orders', { value: 1, level: 'warn' }, '', 'conn7', 'shop', 'COLLSCAN'],
    [
      'insert',
      'shop.orders',
      { value: 0.002, level: 'ok' },
      { value: 'execution queue', level: 'warn' },
      'mongos1:5',
      'shop',
      '',
    ],
  ]);
});

test('nothing that runs, and more than are asked for, are both said', () => {
  expect(operationsTable(answer()).note).toBe('none was running at the last look');
  expect(operationsTable(answer(...Array.from({ length: 40 }, () => runningOperation(2)))).note).toBe(
    'the 40 that have been running longest',
  );
  expect(operationsTable({ cursor: { firstBatch: 'x' } }).rows).toEqual([]);
});

test('neither the question nor its answer carries what an operation looks for', () => {
  const { pipeline } = currentOperation('loadtop') as { pipeline: { $project?: object }[] };
  const fields = Object.keys(pipeline.find(({ $project }) => $project)!.$project!);
  expect(fields).not.toContain('command');
  expect(fields).not.toContain('originatingCommand');
  const secret = runningOperation(2, { command: { find: 'users', filter: { card: '4111' } } });
  expect(JSON.stringify(operationsTable(answer(secret)))).not.toContain('4111');
});
