/** One key in a process of its own: no other key's memory, connections or compiled code. Started by run-bench. */
import type { TestServer } from '@liventix/db/testing';
import { CannotRun, type RunKey, withBench } from './bench.ts';

export interface KeyTask {
  key: string;
  quick: boolean;
  server: TestServer;
}

export type KeyAnswer =
  | { measured: Record<string, { value: number; peer: number | null }[]>; notes: string[] }
  | { skipped: string };

process.on('disconnect', () => process.exit(1)); // the run was ended

const task = JSON.parse(process.argv[2] ?? '{}') as KeyTask;
const { run } = (await import(`./keys/${task.key.replaceAll('_', '-')}.ts`)) as { run: RunKey };
let answer: KeyAnswer;
try {
  answer = await withBench(task, run);
} catch (error) {
  if (!(error instanceof CannotRun)) throw error;
  answer = { skipped: error.message };
}
process.send?.(answer, () => process.exit(0));
