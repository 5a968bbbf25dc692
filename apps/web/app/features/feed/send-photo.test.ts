import { expect, it } from 'vitest';
import { readProblem } from './send-photo.ts';

it('why a photo was refused reaches the screen as the server said it', () => {
  const words = 'That picture has more than 50 megapixels. A smaller export of it will do.';
  expect(readProblem(400, { code: 'UPLOAD_REFUSED', words })).toMatchObject({ problem: 'refused', words });
  expect(readProblem(401, { words: 'Sign in first.' })).toMatchObject({ problem: 'signed_out', words: null });
  expect(readProblem(502, null)).toMatchObject({ problem: 'busy', words: null });
});
