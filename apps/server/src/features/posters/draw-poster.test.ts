import { createHash } from 'node:crypto';
import { LAYOUTS, MOTIFS, PALETTE_NAMES, PALETTES, PosterSpec, posterSeed } from '@liventix/contracts/posters';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { choosePoster } from './choose-poster.ts';
import { drawMotifCrop } from './draw-motif-crop.ts';
import { drawPoster, findInitial } from './draw-poster.ts';
import { drawShareImage } from './draw-share-image.ts';
import { makeDrawable } from './make-drawable.ts';
import { measureEm, measureReach, setTitle, TITLE_SQUEEZE } from './set-text.ts';
import { writeDateLabel } from './write-date-label.ts';

const spec = (palette: string, motif: string, layout: string, seed = 7): PosterSpec =>
  PosterSpec.parse({ palette, motif, layout, seed });
const draw = (title: string, chosen: PosterSpec): Promise<string> =>
  drawPoster({ title, city: 'Berlin', dateLabel: 'Fri 04 Dec', spec: chosen });
const hash = (svg: string): string => createHash('sha256').update(svg).digest('hex').slice(0, 12);

/** Smallest and largest x and y of every path in the drawing that is filled with the palette's ink. */
const inkBounds = (svg: string, ink: string) => {
  const numbers = [...svg.matchAll(new RegExp(`<path d="([^"]+)" fill="${ink}"/>`, 'g'))].flatMap(
    (match) => (match[1] ?? '').match(/-?\d+(\.\d+)?/g)?.map(Number) ?? [],
  );
  const xs = numbers.filter((_, index) => index % 2 === 0);
  const ys = numbers.filter((_, index) => index % 2 === 1);
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
};

describe('a poster', () => {
  it('is the same bytes for the same event, on every machine (look at the sheet before you change these)', async () => {
    expect({
      subfloor: hash(await draw('Subfloor', spec('acid', 'bars', 'head'))),
      tigers: hash(await draw('Paper Tigers Live', spec('rose', 'letter', 'bleed'))),
      grid: hash(await draw('Grid Systems for Humans', spec('fog', 'blocks', 'foot'))),
      moth: hash(await draw('Moth Season', spec('moss', 'moon', 'foot'))),
    }).toMatchInlineSnapshot(`
      {
        "grid": "7400acf9a427",
        "moth": "8a98229cfed3",
        "subfloor": "4397adffa1ac",
        "tigers": "c6be15ec2270",
      }
    `);
  });

  it('changes with its seed, for every motif that has something to choose', async () => {
    for (const motif of MOTIFS.filter((each) => each !== 'letter')) {
      const [one, two] = [1, 2].map((seed) => draw('One', spec('tide', motif, 'foot', seed)));
      expect(await one, motif).not.toBe(await two);
    }
  });

  it('draws every motif in every layout and palette as a picture of 1080 × 1350', async () => {
    for (const [index, palette] of PALETTE_NAMES.entries()) {
      for (const layout of LAYOUTS) {
        const svg = await draw('Low Tide Radio', spec(palette, MOTIFS[index % MOTIFS.length] ?? 'rays', layout));
        const { width, height } = await sharp(Buffer.from(svg)).metadata();
        expect([width, height]).toEqual([1080, 1350]);
        expect(svg).not.toMatch(/NaN|Infinity|undefined|Gradient/);
      }
    }
  });

  it.each([
    'Subfloor',
    'Donaudampfschifffahrtsgesellschaft',
    'x'.repeat(90),
    'Quelques queues, Qatar',
    'Ångström, Éclair & Őrült Żółć',
    'Đêm nhạc Việt: Ẩm thực',
    'What happens when you give a very long title to an event that nobody thought would ever need one, with this bit too',
    'W',
    'I I I I I I I I I I I I I I I I I I I I I I I I I I I I I I I I I I I I I I I I',
    '梅雨の手紙 夜の部 家族で楽しむ夏の花火大会',
    '상하이 트위스트: 여름밤의 재즈',
    'ليلة الموسيقى العربية',
    'מופע 2027: לילה לבן!',
    'คืนดนตรีไทยริมแม่น้ำเจ้าพระยา',
    'Тихий час, Ήσυχη ώρα',
    'हिन्दी कविता की शाम',
  ])('keeps every word of %j inside the margins', async (title) => {
    for (const layout of LAYOUTS) {
      const { left, right, top, bottom } = inkBounds(
        await draw(title, spec('ember', 'rays', layout)),
        PALETTES.ember.ink,
      );
      expect(left).toBeGreaterThanOrEqual(50);
      expect(right).toBeLessThanOrEqual(1080 - 50);
      expect(top).toBeGreaterThanOrEqual(30);
      expect(bottom).toBeLessThanOrEqual(1350 - 30);
    }
  });

  it('escapes what people typed and drops what XML forbids', async () => {
    const svg = await draw(
      '</title><script>alert("1 & \'2\'")</script>\u0000\u0008\ud800',
      spec('noon', 'dots', 'head'),
    );
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&lt;script&gt;alert(&quot;1 &amp; &#39;2&#39;&quot;)&lt;/script&gt;');
    await expect(sharp(Buffer.from(svg)).png().toBuffer()).resolves.toBeInstanceOf(Buffer);
  });

  it('is still a poster when nothing of the title can be drawn', async () => {
    for (const motif of MOTIFS) {
      const svg = await drawPoster({ title: '🎉🎉', city: '', dateLabel: '', spec: spec('rose', motif, 'foot') });
      expect(svg).toContain('<title>🎉🎉</title>');
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    }
  });

  it('breaks a title without spaces between its words, and never in one', () => {
    const { lines } = setTitle('家族で楽しむ夏の花火大会と夜の屋台', 968, 430);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join('')).toBe('家族で楽しむ夏の花火大会と夜の屋台');
    expect(setTitle('NIGHT 夜市 MARKET', 200, 430).lines.join(' ')).toBe('NIGHT 夜市 MARKET');
  });
});

describe('setting a title', () => {
  it('fits the given block and fills it better than one line would', () => {
    const set = setTitle('NIGHT MARKET OF SMALL THINGS', 968, 430);
    expect(set.lines.join(' ')).toBe('NIGHT MARKET OF SMALL THINGS');
    expect(set.lines.length).toBeGreaterThan(1);
    expect(set.height).toBeLessThanOrEqual(430);
    for (const line of set.lines) expect(measureEm(line, 800) * TITLE_SQUEEZE * set.size).toBeLessThanOrEqual(968.01);
  });

  it('never lets a tail of one line touch an accent of the next', () => {
    const set = setTitle('QUEUE, QUAI ÅÉŐ ÅÉŐ ÅÉŐ', 700, 430);
    for (let index = 1; index < set.lines.length; index++) {
      const gap = (set.baselines[index] ?? 0) - (set.baselines[index - 1] ?? 0);
      const reach =
        measureReach(set.lines[index - 1] ?? '', 800).below + measureReach(set.lines[index] ?? '', 800).above;
      expect(gap).toBeGreaterThan(reach * set.size);
    }
  });
});

describe('making a text drawable', () => {
  it.each([
    ['Rust & Reverb', 'Rust & Reverb'],
    ['  two\n lines\t', 'two lines'],
    ['Łódź, Hà Nội', 'Łódź, Hà Nội'],
    ['Тихий час', 'Тихий час'],
    ['梅雨の手紙 🌧️', '梅雨の手紙'],
    ['👩‍👩‍👧 Family❤️', 'Family'],
    ['می‌خواهم', 'می‌خواهم'],
    ['محمد عبد الله … 李小龍', 'محمد عبد الله … 李小龍'],
    ['© 2027', '© 2027'],
    ['🎉 Party 🎉 2026', 'Party 2026'],
    ['ﬁne ① １２', 'fine 1 12'],
    ['𓂀', ''],
    ['\u202e evil', 'evil'],
  ])('%j becomes %j', (text, drawn) => {
    expect(makeDrawable(text)).toBe(drawn);
  });

  it('finds the letter that counts', () => {
    expect(findInitial('The Quiet Hour')).toBe('Q');
    expect(findInitial('A Short History of Rain')).toBe('S');
    expect(findInitial('A')).toBe('A');
    expect(findInitial('Ångström')).toBe('A');
    expect(findInitial('“10 000 Steps”')).toBe('1');
    expect(findInitial('梅雨')).toBe('梅');
    expect(findInitial('한국의 밤')).toBe('한');
    expect(findInitial('🎉')).toBe('');
  });
});

describe('choosing a poster', () => {
  it('gives the same poster for the same event and another one for a shuffle', () => {
    const eventId = '0198a3c2-aaaa-7bbb-8ccc-ddddeeeeffff';
    const first = choosePoster({ eventId, category: 'Comedy' });
    expect(choosePoster({ eventId, category: 'Comedy' })).toEqual(first);
    expect(first.seed).toBe(posterSeed(eventId));
    const shuffles = Array.from({ length: 8 }, (_, shuffle) => choosePoster({ eventId, category: 'Comedy', shuffle }));
    expect(new Set(shuffles.map((each) => `${each.palette} ${each.motif} ${each.layout}`)).size).toBeGreaterThan(2);
  });

  it('never hangs a low horizon under the title', () => {
    for (let shuffle = 0; shuffle < 400; shuffle++) {
      const chosen = PosterSpec.parse(choosePoster({ eventId: 'x', shuffle }));
      if (['moon', 'steps', 'bars'].includes(chosen.motif)) expect(chosen.layout).not.toBe('head');
    }
  });
});

describe('other pictures of an event', () => {
  it('crops differ from shot to shot and carry no words', async () => {
    const crop = (shot: number) =>
      drawMotifCrop({ spec: spec('plum', 'rings', 'foot'), title: 'Open Decks', shape: 'square', shot });
    expect(new Set(await Promise.all([crop(0), crop(1), crop(2), crop(3)])).size).toBe(4);
    expect(await crop(2)).toBe(await crop(2));
    expect(await crop(1)).not.toContain('<title>');
  });

  it('the share image is 1200 × 630, with the title clear of the poster', async () => {
    const input = { title: 'Donaudampfschifffahrtsgesellschaft und so weiter', city: 'Wien', dateLabel: 'Fri 04 Dec' };
    const svg = await drawShareImage({ ...input, spec: spec('moss', 'waves', 'foot') });
    const { width, height } = await sharp(Buffer.from(svg)).metadata();
    expect([width, height]).toEqual([1200, 630]);
    const own = svg.replace(/<svg x="704".*?<\/svg>.*?<\/svg>/s, '');
    expect(inkBounds(own, PALETTES.moss.ink).right).toBeLessThan(704);
    const covered = await drawShareImage({
      ...input,
      spec: spec('moss', 'waves', 'foot'),
      coverDataUri: 'data:image/png;base64,"><x',
    });
    expect(covered).toContain('href="data:image/png;base64,&quot;&gt;&lt;x"');
  });

  it('the date of the strip is that of the event’s own zone', () => {
    expect(writeDateLabel(new Date('2026-12-03T16:30:00Z'), 'Asia/Tokyo')).toBe('Fri 04 Dec');
    expect(writeDateLabel(new Date('2026-09-03T16:30:00Z'), 'Europe/Berlin')).toBe('Thu 03 Sep');
  });
});
