import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLog } from '../../apps/server/src/platform/log.ts';
import { createWorkThread } from '../../apps/server/src/platform/work-thread.ts';
import { bundleServer } from './server-process.ts';

let main: string;
beforeAll(() => {
  main = bundleServer();
});
afterAll(() => fs.rmSync(path.dirname(main), { recursive: true, force: true }));

it('the bundled server draws in a thread, and has nothing that draws in its own', async () => {
  const thread = createWorkThread({
    file: pathToFileURL(path.join(path.dirname(main), 'drawings.js')),
    log: createLog({ level: 'error' }),
  });
  const spec = { palette: 'plum', motif: 'rings', layout: 'bleed', seed: 3 };
  const blur = await thread.run('blur', { title: 'Velvet Static', city: 'Berlin', dateLabel: 'Thu 26 Nov', spec });
  await thread.close();
  expect(blur).toMatch(/^data:image\/webp;base64,/);
  expect(fs.readFileSync(main, 'utf8')).not.toMatch(/from ?"(sharp|pdfkit|fontkit|subset-font|woff2sfnt-sfnt2woff)"/);
});
