import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { StateFile } from './state-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'state-file-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a line torn by a crash is left out, and what is written after it is kept', () => {
  const path = join(folder, 'deep', 'state.jsonl');
  const first = new StateFile(path);
  first.append([{ kind: 'told', value: { id: 'evt_1' } }]);
  first.close();
  appendFileSync(path, '[{"kind":"told","val');
  const second = new StateFile(path);
  second.append([{ kind: 'told', value: { id: 'evt_2' } }]);
  second.close();
  expect(JSON.stringify(StateFile.read(path))).toBe(
    '[[{"kind":"told","value":{"id":"evt_1"}}],[{"kind":"told","value":{"id":"evt_2"}}]]',
  );
});
