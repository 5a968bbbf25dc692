import { describe, expect, it } from 'vitest';
import { layOutLine } from './lay-out-line.ts';
import { loadFaces } from './load-faces.ts';
import { measureText, setText } from './set-text.ts';

const runs = async (line: string) => {
  await loadFaces(line);
  return layOutLine(line, 600).map(({ text }) => text);
};

describe('a line', () => {
  it('of Latin letters is one run of the house’s face, and loads nothing', async () => {
    expect(await runs('Velvet Static, Łódź'.replace('Łódź', 'Leeds'))).toEqual(['Velvet Static, Leeds']);
  });

  it('of a right-to-left script runs from right to left, its figures and brackets the way they are read', async () => {
    expect(await runs('מופע 2027: לילה (לבן)!')).toEqual(['!(', 'לבן', ') ', 'לילה', ' :', '2027', ' ', 'מופע']);
    expect(await runs('DJ محمد at 9')).toEqual(['DJ ', 'محمد', ' at 9']);
  });

  it('joins Arabic letters, and stacks the marks of Thai, Hebrew and Hindi on theirs', async () => {
    await loadFaces('محمد שָׁלוֹם ที่ हिन्दी');
    const shape = (text: string) => {
      const [run] = layOutLine(text, 400);
      return run?.face.font.layout(run.text);
    };
    const joined = shape('محمد');
    // The same letter at the beginning and inside a word is another drawing.
    expect(new Set(joined?.glyphs.map(({ id }) => id)).size).toBe(4);
    expect(shape('ที่')?.positions.map(({ xAdvance }) => xAdvance > 0)).toEqual([true, false, false]);
    expect(layOutLine('שָׁלוֹם', 400)).toHaveLength(1);
    expect(shape('हिन्दी')?.glyphs.length).toBeLessThan([...'हिन्दी'].length);
  });

  it('takes Han from the face of its own language', async () => {
    await loadFaces('直の', '直', '직 直');
    const faceOf = (line: string) => layOutLine(line, 600).find(({ text }) => text.includes('直'))?.face.key;
    expect(faceOf('直の')).toContain('-jp-');
    expect(faceOf('直')).toContain('-sc-');
    expect(faceOf('직 直')).toContain('-kr-');
  });

  it('is as wide as it is drawn, in every script', async () => {
    for (const text of [
      '田中 雪',
      'محمد عبد الله',
      'שלום',
      'สวัสดี',
      'Тихий',
      'Ώρα',
      '한국',
      'বাংলা',
      'தமிழ்',
      'ქართული',
      'Հայերեն',
      'አማርኛ',
    ]) {
      await loadFaces(text);
      const style = { weight: 600, size: 40, tracking: 1 } as const;
      const path = setText(text, 0, 100, '#000', style);
      const numbers =
        path
          .match(/-?\d+(\.\d+)?/g)
          ?.slice(0, -1)
          .map(Number) ?? [];
      const right = Math.max(...numbers.filter((_, index) => index % 2 === 0));
      expect(right, text).toBeGreaterThan(20);
      expect(right, text).toBeLessThan(measureText(text, style) + 6);
    }
  });
});
