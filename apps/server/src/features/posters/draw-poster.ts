/**
 * The poster of an event, drawn from four facts and its words. The same input gives the same bytes on every machine,
 * so pictures can be cached by their input. Change of the drawing: raise DRAWING_VERSION.
 */
import { PALETTES, POSTER_HEIGHT, POSTER_WIDTH, type PosterSpec } from '@liventix/contracts/posters';
import { drawMotif } from './draw-motif.ts';
import { loadFaces } from './load-faces.ts';
import { makeDrawable } from './make-drawable.ts';
import { BLOCK } from './motifs/sheet.ts';
import { seedRandom } from './seed-random.ts';
import { CAP_HEIGHT, measureText, type SetTitle, setText, setTitle, TITLE_SQUEEZE } from './set-text.ts';

export interface PosterInput {
  title: string;
  city: string;
  /** As it shall be read, for example "Fri 04 Dec"; see `writeDateLabel`. */
  dateLabel: string;
  spec: PosterSpec;
}

const MARGIN = 56;
const STRIP_SIZE = 36;
const STRIP_SQUEEZE = 0.9;
const STRIP_TRACKING = 1.5;
/** From the sheet's edge to the strip's capitals. */
const STRIP_EDGE = 44;
const STRIP_HEIGHT = STRIP_SIZE * CAP_HEIGHT;
const GAP = 44;

/** Text for an XML document: the five signs escaped, characters that XML forbids removed. */
export function escapeXml(text: string): string {
  return (
    text
      .replace(/\p{Cs}/gu, '')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that XML 1.0 forbids
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/"/g, '&quot;')
      .replace(/'/g, '&#39;')
  );
}

/** The letter that the letter motif shows: of the first word that counts, so not of "The" or "A", and without its accent. */
export function findInitial(title: string): string {
  const words = makeDrawable(title).toUpperCase().split(' ');
  const counted = words.length > 1 && /^(THE|A|AN)$/.test(words[0] ?? '') ? words.slice(1) : words;
  const letter = counted.join('').match(/[\p{L}\p{N}]/u)?.[0] ?? '';
  // Other scripts would come apart: the parts of a Hangul syllable are no letters to read.
  return /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u.test(letter)
    ? ([...letter.normalize('NFD')][0] ?? '')
    : letter;
}

const drawStrip = (top: number, left: string, right: string, ink: string): string => {
  const room = POSTER_WIDTH - 2 * MARGIN - 48;
  const style = { weight: 600, size: STRIP_SIZE, squeeze: STRIP_SQUEEZE, tracking: STRIP_TRACKING } as const;
  const width = (text: string, size: number): number => measureText(text, { ...style, size });
  // A long city first gets smaller letters, then fewer of them.
  const size = Math.max(
    26,
    Math.min(STRIP_SIZE, (STRIP_SIZE * room) / (width(left, STRIP_SIZE) + width(right, STRIP_SIZE))),
  );
  let city = right;
  while (city.length > 1 && width(left, size) + width(city, size) > room) {
    city = `${[...city.replace(/…$/, '')].slice(0, -1).join('').trimEnd()}…`;
  }
  const baseline = top + STRIP_HEIGHT;
  return (
    setText(left, MARGIN, baseline, ink, { ...style, size }) +
    setText(city, POSTER_WIDTH - MARGIN - width(city, size), baseline, ink, { ...style, size })
  );
};

const drawTitle = (title: SetTitle, top: number, ink: string): string =>
  title.lines
    .map((line, index) =>
      // The side bearing of large capitals makes them look indented; four units put them on the margin.
      setText(line, MARGIN - 4, top + (title.baselines[index] ?? 0), ink, {
        weight: 800,
        size: title.size,
        squeeze: TITLE_SQUEEZE,
      }),
    )
    .join('');

/**
 * Draws a poster as an SVG document, 1080 × 1350. All words are outlines; the title is repeated as `<title>` for
 * readers. A title that no face can draw gives a poster of art and strip.
 */
export async function drawPoster({ title, city, dateLabel, spec }: PosterInput): Promise<string> {
  await loadFaces(title, city, dateLabel);
  const colors = PALETTES[spec.palette];
  const { paper, ink } = colors;
  const random = seedRandom(spec.seed);
  const blocks = spec.motif === 'blocks';
  const limit = blocks ? POSTER_HEIGHT - 3 * BLOCK - 2 * GAP - STRIP_EDGE - STRIP_HEIGHT : 430;
  const set = setTitle(
    makeDrawable(title).toUpperCase(),
    POSTER_WIDTH - 2 * MARGIN,
    spec.layout === 'bleed' ? Math.min(limit, 380) : limit,
  );
  const strip = (top: number): string =>
    drawStrip(top, makeDrawable(dateLabel).toUpperCase(), makeDrawable(city).toUpperCase(), ink);
  const initial = findInitial(title);

  // What the words need, from the edge of the sheet to the edge of the art.
  const words = STRIP_EDGE + STRIP_HEIGHT + GAP + (set.height > 0 ? set.height + GAP : 0);
  const free = POSTER_HEIGHT - words;
  const artHeight = blocks && free >= 3 * BLOCK ? Math.floor(free / BLOCK) * BLOCK : free;
  const field = { random, colors, height: artHeight, initial, zoom: spec.layout === 'bleed' ? 1.3 : 1 };

  let body: string;
  if (spec.layout === 'head') {
    body =
      strip(STRIP_EDGE) +
      drawTitle(set, STRIP_EDGE + STRIP_HEIGHT + GAP, ink) +
      drawMotif(spec.motif, POSTER_HEIGHT - artHeight, field);
  } else {
    const plateTop = artHeight;
    const titleTop = POSTER_HEIGHT - STRIP_EDGE - STRIP_HEIGHT - GAP - set.height;
    body = drawMotif(spec.motif, 0, field);
    if (spec.layout === 'bleed') {
      body += `<rect x="0" y="${plateTop.toFixed(1)}" width="${POSTER_WIDTH}" height="10" fill="${ink}"/>`;
    }
    body += drawTitle(set, titleTop, ink) + strip(POSTER_HEIGHT - STRIP_EDGE - STRIP_HEIGHT);
  }
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${POSTER_WIDTH} ${POSTER_HEIGHT}" width="${POSTER_WIDTH}" ` +
    `height="${POSTER_HEIGHT}" role="img"><title>${escapeXml(title)}</title>` +
    `<rect width="${POSTER_WIDTH}" height="${POSTER_HEIGHT}" fill="${paper}"/>${body}</svg>`
  );
}
