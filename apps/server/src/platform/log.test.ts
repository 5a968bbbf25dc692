import { expect, it } from 'vitest';
import { createLog } from './log.ts';

it('carries neither secrets nor personal data, nor the parameters of a failed query', () => {
  const lines: string[] = [];
  const log = createLog({ level: 'debug', destination: { write: (line: string) => lines.push(line) } as never });
  log.info(
    {
      password: 'canary-1',
      user: { email: 'canary-2', token: 'canary-3' },
      request: { headers: { cookie: 'canary-4' } },
    },
    'x',
  );
  const failed = new Error('Failed query: insert into x values ($1)\nparams: canary-5');
  log.error(
    { err: new Error('outer', { cause: Object.assign(failed, { code: '23505', parameters: ['canary-6'] }) }) },
    'y',
  );
  expect(lines.join('')).not.toContain('canary');
  expect(lines[1]).toContain('23505');
});
