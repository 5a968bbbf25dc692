import { expect, it } from 'vitest';
import { fail } from './errors.ts';
import { createLog } from './log.ts';
import { reportPage } from './report-page.ts';
import { refusalOf } from './trpc.ts';

function linesOf(...faults: ((log: ReturnType<typeof createLog>) => unknown)[]): Record<string, unknown>[] {
  const lines: string[] = [];
  const log = createLog({ level: 'info', destination: { write: (line: string) => void lines.push(line) } });
  for (const make of faults) reportPage(log, make(log));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}
const thrown = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

it('tells the log of what broke in a page, once and in one line', () => {
  expect(linesOf(() => new TypeError('x is not a function'))).toEqual([
    expect.objectContaining({
      msg: 'page failed',
      err: expect.objectContaining({ message: 'x is not a function' }),
      reference: expect.stringMatching(/^\w{4}-\w{4}$/),
    }),
  ]);
  const ofProcedure = linesOf((log) => refusalOf(new Error('in a verb'), { log }, 'events.bySlug'));
  expect(ofProcedure.map(({ msg }) => msg)).toEqual(['procedure failed']);
});

it('is silent about refusals and addresses of no page', () => {
  const refused = thrown(() => fail('NOT_FOUND'));
  expect(
    linesOf(
      () => refused,
      () => ({ status: 404, error: new Error('No route matches URL "/x"') }),
    ),
  ).toEqual([]);
});
