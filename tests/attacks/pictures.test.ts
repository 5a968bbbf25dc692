import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createTestApp, type TestApp, type Visitor } from '@liventix/server/testing';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeEvent } from '../../apps/server/src/features/events/events.test-data.ts';
import { collectUploads } from '../../apps/server/src/features/media/collect-uploads.ts';

let app: TestApp;
let directory: string;
let host: Visitor & { userId: string };

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'liventix-pictures-'));
  app = await createTestApp({ simulators: false, feed: false, env: { DATA_DIR: directory } });
  host = await app.signUp({ name: 'Ines', verified: true });
});
afterAll(async () => {
  await app.close();
  await rm(directory, { recursive: true, force: true });
});
beforeEach(() => app.services.limits.clear());

/** A plain picture: cheap to draw, and each width another one. */
const plain = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#3a7' } });
const uploadCover = (eventId: string, body: Buffer, who = host) =>
  who.fetch(`/organizer/${eventId}/cover`, {
    method: 'POST',
    body: new Uint8Array(body),
    headers: { 'content-type': 'image/jpeg', accept: 'application/json' },
  });
const kept = () => readdir(path.join(directory, 'posters')).catch(() => []);

describe('a poster with an uploaded cover', () => {
  it('is derived at the upload; a stranger who asks again and again makes nothing be drawn', async () => {
    const event = await makeEvent(app.admin, { owner: host.userId });
    const uploaded = await uploadCover(event.id, await plain(600, 800).jpeg().toBuffer());
    expect(uploaded.status).toBe(200);
    const { coverImageUrl } = (await uploaded.json()) as { coverImageUrl: string };
    const derived = await kept();
    expect(derived.filter((name) => name.startsWith('cover-'))).toHaveLength(6);
    // From here on the picture could not be derived again.
    await writeFile(path.join(directory, coverImageUrl), 'not a picture');
    const stranger = app.visitor();
    for (const width of [270, 540, 1080])
      for (const format of ['webp', 'png']) {
        const asked = `/posters/${event.id}.${format}?w=${width}`;
        const [first, ...others] = await Promise.all(Array.from({ length: 8 }, () => stranger.fetch(asked)));
        expect(first?.status).toBe(200);
        const etag = first?.headers.get('etag') ?? '';
        expect(new Set(others.map((answer) => answer.headers.get('etag')))).toEqual(new Set([etag]));
        expect((await stranger.fetch(asked, { headers: { 'if-none-match': etag } })).status).toBe(304);
      }
    expect(await kept()).toEqual(derived);
  });

  it('has an ETag of its name and size, so what a browser has is answered before anything is drawn', async () => {
    const event = await makeEvent(app.admin, {});
    const before = await kept();
    const share = await app.visitor().fetch(`/posters/${event.id}/share.png`);
    const etag = share.headers.get('etag') ?? '';
    await rm(path.join(directory, 'posters'), { recursive: true });
    const twin = await createTestApp({
      database: app.database,
      simulators: false,
      feed: false,
      env: { DATA_DIR: directory },
    });
    const again = await twin.visitor().fetch(`/posters/${event.id}/share.png`, { headers: { 'if-none-match': etag } });
    await twin.close();
    expect(again.status).toBe(304);
    expect(await kept()).toEqual([]);
    expect(before).not.toEqual([]);
  });

  it('is drawn so many times for an address, whoever asks; what is kept is served on', async () => {
    const [first, second] = [await makeEvent(app.admin, {}), await makeEvent(app.admin, {})];
    expect((await app.visitor().fetch(`/posters/${first.id}.webp?w=270`)).status).toBe(200);
    await app.services.limits.take(
      { name: 'pictures.draw', points: 120, perSeconds: 60, by: 'address' },
      app.ctx().ip,
      200,
    );
    for (const asked of [
      `/posters/${second.id}.webp`,
      `/posters/${second.id}/share.png`,
      `/media/motif/${second.id}/1.webp`,
    ]) {
      const refused = await (await app.guest()).fetch(asked);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect((await app.visitor().fetch(`/posters/${first.id}.webp?w=270`)).status).toBe(200);
  });
});

describe('an uploaded picture', () => {
  it('of half a kilobyte does not take a second of a core: AVIF has 8 megapixels at most', async () => {
    const avif = await sharp({ create: { width: 4000, height: 4000, channels: 3, background: '#fff' } })
      .avif({ effort: 0 })
      .toBuffer();
    expect(avif.length).toBeLessThan(20_000);
    const event = await makeEvent(app.admin, { owner: host.userId });
    for (const answer of [
      await uploadCover(event.id, avif),
      await host.fetch('/uploads/photos', {
        method: 'POST',
        body: new Uint8Array(avif),
        headers: { accept: 'application/json', 'content-type': 'image/avif' },
      }),
    ]) {
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({
        code: 'UPLOAD_REFUSED',
        words: 'That AVIF has more than 8 megapixels. A JPEG of it will do.',
      });
    }
  });
});

describe('what an account keeps with us', () => {
  const photo = (body: Buffer, who: Visitor = host) =>
    who.fetch('/uploads/photos', {
      method: 'POST',
      body: new Uint8Array(body),
      headers: { accept: 'application/json', 'content-type': 'image/jpeg' },
    });
  const files = async () => (await readdir(path.join(directory, 'media'))).sort();
  const nameOf = async (answer: Response) => path.basename(((await answer.json()) as { url: string }).url);

  it('has an end: a full account is refused, photos and covers alike, also two at once', async () => {
    const greedy = await app.signUp({ name: 'Greedy', verified: true });
    const event = await makeEvent(app.admin, { owner: greedy.userId });
    const [first, second] = [await plain(300, 300).jpeg().toBuffer(), await plain(301, 300).jpeg().toBuffer()];
    const name = await nameOf(await photo(first, greedy));
    const [row] = await app.admin<{ bytes: number }[]>`select bytes from social.uploads where name = ${name}`;
    // Room for one more of the same size, not for two.
    await app.admin`update social.uploads set bytes = 200000000 - ${Math.round((row?.bytes ?? 0) * 1.5)}::int where name = ${name}`;
    const third = await plain(302, 300).jpeg().toBuffer();
    const both = await Promise.all([photo(second, greedy), photo(third, greedy)]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    await app.admin`update social.uploads set bytes = 200000000 where name = ${name}`;
    expect(await (await uploadCover(event.id, await plain(600, 800).jpeg().toBuffer(), greedy)).json()).toMatchObject({
      code: 'UPLOAD_QUOTA',
    });
    // The same photo again is no new one.
    await app.admin`update social.uploads set bytes = 150000000 where name = ${name}`;
    expect((await photo(first, greedy)).status).toBe(201);
  });

  it('goes a day after nothing shows it; what a post or an event shows stays', async () => {
    const event = await makeEvent(app.admin, { owner: host.userId });
    const shown = await nameOf(await photo(await plain(310, 300).jpeg().toBuffer()));
    const unshown = await nameOf(await photo(await plain(320, 300).jpeg().toBuffer()));
    const fresh = await nameOf(await photo(await plain(330, 300).jpeg().toBuffer()));
    const post = await host.api.feed.createPost({
      eventId: event.id,
      clientId: randomUUID(),
      text: '',
      photos: [`/media/${shown}`],
    });
    const cover = async () => {
      const answer = await uploadCover(event.id, await plain(600, 800).jpeg().toBuffer());
      return path.basename(((await answer.json()) as { coverImageUrl: string }).coverImageUrl);
    };
    const [before, now] = [await cover(), await cover()];
    const derived = (await kept()).length;
    await app.admin`update social.uploads set used_at = clock_timestamp() - interval '25 hours' where name <> ${fresh}`;
    await collectUploads(app.work());
    expect(await files()).toEqual(expect.arrayContaining([shown, fresh, now]));
    expect(await files()).not.toContain(unshown);
    expect(await files()).not.toContain(before);
    expect((await kept()).length).toBeLessThanOrEqual(derived - 6);
    await host.api.feed.deletePost({ postId: post.id });
    await collectUploads(app.work());
    expect(await files()).not.toContain(shown);
  });

  it('is not collected under the hands of a post that takes it', async () => {
    const event = await makeEvent(app.admin, { owner: host.userId });
    const name = await nameOf(await photo(await plain(340, 300).jpeg().toBuffer()));
    await app.admin`update social.uploads set used_at = clock_timestamp() - interval '25 hours' where name = ${name}`;
    const [post] = await Promise.allSettled([
      host.api.feed.createPost({ eventId: event.id, clientId: randomUUID(), text: '', photos: [`/media/${name}`] }),
      collectUploads(app.work()),
    ]);
    expect((await files()).includes(name)).toBe(post.status === 'fulfilled');
  });
});
