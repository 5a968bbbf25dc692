import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp, type Visitor } from '../../testing/index.ts';
import { giveTicket, makeEvent } from '../events/events.test-data.ts';

let app: TestApp;
let directory: string;
let ines: Visitor & { userId: string };

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'liventix-media-'));
  app = await createTestApp({ simulators: false, feed: false, env: { DATA_DIR: directory } });
  ines = await app.signUp({ name: 'Ines', verified: true });
});
afterAll(async () => {
  await app.close();
  await rm(directory, { recursive: true, force: true });
});

const upload = (who: Visitor, body: Buffer | string, type = 'image/jpeg') =>
  who.fetch('/uploads/photos', {
    method: 'POST',
    body: typeof body === 'string' ? body : new Uint8Array(body),
    headers: { 'content-type': type, accept: 'application/json' },
  });

const jpeg = () =>
  sharp({ create: { width: 640, height: 480, channels: 3, background: '#E4572E' } })
    .withExif({ IFD0: { Make: 'Canary Cameras' }, IFD3: { GPSLatitude: '52/1 31/1 0/1', GPSLatitudeRef: 'N' } })
    .jpeg()
    .toBuffer();

describe('a photo', () => {
  it('is kept without the place and device it came with, once however often it is sent', async () => {
    const bytes = await jpeg();
    expect(bytes.includes('Canary Cameras')).toBe(true);
    const first = await upload(ines, bytes);
    expect(first.status).toBe(201);
    const { url, width, height } = (await first.json()) as { url: string; width: number; height: number };
    expect(url).toMatch(/^\/media\/[0-9a-f]{64}\.webp$/);
    expect([width, height]).toEqual([640, 480]);
    expect(((await (await upload(ines, bytes)).json()) as { url: string }).url).toBe(url);
    expect(await readdir(path.join(directory, 'media'))).toHaveLength(1);

    const served = await app.visitor().fetch(url);
    expect(served.headers.get('content-type')).toBe('image/webp');
    expect(served.headers.get('x-content-type-options')).toBe('nosniff');
    expect(served.headers.get('content-security-policy')).toContain("default-src 'none'");
    const body = Buffer.from(await served.arrayBuffer());
    expect(body.includes('Canary')).toBe(false);
    expect((await sharp(body).metadata()).exif).toBeUndefined();

    const event = await makeEvent(app.admin, {});
    await giveTicket(app.admin, event.id, event.tierIds[0] ?? '', ines.userId);
    const post = await ines.api.feed.createPost({ eventId: event.id, clientId: randomUUID(), text: '', photos: [url] });
    expect(post.photos).toEqual([url]);
  });

  it('needs an account', async () => {
    const bytes = await jpeg();
    expect((await upload(app.visitor(), bytes)).status).toBe(401);
    expect((await upload(await app.guest(), bytes)).status).toBe(401);
  });

  it.each([
    [
      'an SVG under the name of a JPEG',
      '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
      400,
      'svg_refused',
    ],
    ['a page', '<!doctype html><script>alert(1)</script>', 400, 'type_refused'],
    ['half a picture', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]), 400, 'broken'],
    ['nothing', '', 400, 'empty'],
    ['more than 15 MB', Buffer.alloc(15_000_001, 1), 413, undefined],
  ])('is not %s', async (_name, body, status, reason) => {
    const before = await readdir(path.join(directory, 'media'));
    const answer = await upload(ines, body);
    expect(answer.status).toBe(status);
    const { details } = (await answer.json()) as { details: { reason?: string } };
    expect(details.reason).toBe(reason);
    expect(await readdir(path.join(directory, 'media'))).toEqual(before);
  });

  it('is asked for by its hash and nothing else', async () => {
    for (const name of ['..%2f..%2fetc%2fpasswd', `${'0'.repeat(64)}.webp`, 'x.svg'])
      expect((await app.visitor().fetch(`/media/${name}`)).status).toBe(404);
  });
});

describe("a crop of an event's motif", () => {
  it('is drawn for whom may see the event', async () => {
    const open = await makeEvent(app.admin, {});
    const shut = await makeEvent(app.admin, { visibility: 'private' });
    const picture = await app.visitor().fetch(`/media/motif/${open.id}/1.webp`);
    expect(picture.status).toBe(200);
    expect(await sharp(Buffer.from(await picture.arrayBuffer())).metadata()).toMatchObject({
      format: 'webp',
      width: 1080,
      height: 810,
    });
    expect((await app.visitor().fetch(`/media/motif/${shut.id}/1.webp`)).status).toBe(404);
    expect((await app.visitor().fetch(`/media/motif/${open.id}/0.webp`)).status).toBe(404);
  });
});
