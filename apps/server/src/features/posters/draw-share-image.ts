/** The picture that other sites show for an event's link (Open Graph), 1200 × 630. */
import { PALETTES, POSTER_HEIGHT, POSTER_WIDTH } from '@liventix/contracts/posters';
import { drawPoster, escapeXml, type PosterInput } from './draw-poster.ts';
import { drawWordmark } from './draw-wordmark.ts';
import { loadFaces } from './load-faces.ts';
import { makeDrawable } from './make-drawable.ts';
import { measureText, setText, setTitle, TITLE_SQUEEZE } from './set-text.ts';

export const SHARE_WIDTH = 1200;
export const SHARE_HEIGHT = 630;

const MARGIN = 56;
const POSTER = { x: 704, y: 40, width: 440, height: 550 };

export interface ShareImageInput extends PosterInput {
  /** An uploaded cover as a data URI (4:5); without it the drawn poster is shown. */
  coverDataUri?: string;
}

/** Draws the share image as an SVG document. The words stay 40 px from the edges: some sites crop. */
export async function drawShareImage(input: ShareImageInput): Promise<string> {
  const { title, city, dateLabel, spec, coverDataUri } = input;
  await loadFaces(title, city, dateLabel);
  const { paper, ink } = PALETTES[spec.palette];
  const room = POSTER.x - 2 * MARGIN;
  const set = setTitle(makeDrawable(title).toUpperCase(), room, 300, 128);
  const lines = set.lines
    .map((line, index) =>
      setText(line, MARGIN - 2, POSTER.y + 8 + (set.baselines[index] ?? 0), ink, {
        weight: 800,
        size: set.size,
        squeeze: TITLE_SQUEEZE,
      }),
    )
    .join('');
  const facts = [dateLabel, city]
    .map(makeDrawable)
    .filter((part) => part !== '')
    .join(', ');
  const factsStyle = { weight: 600, size: 34, squeeze: 0.94 } as const;
  const factsSize = Math.min(34, (34 * room) / Math.max(1, measureText(facts, factsStyle)));
  const factsY = POSTER.y + 8 + set.height + (set.height > 0 ? 62 : 24);
  const art = coverDataUri
    ? `<image x="${POSTER.x}" y="${POSTER.y}" width="${POSTER.width}" height="${POSTER.height}" ` +
      `preserveAspectRatio="xMidYMid slice" href="${escapeXml(coverDataUri)}"/>`
    : (await drawPoster(input)).replace(
        /^<svg [^>]*>/,
        `<svg x="${POSTER.x}" y="${POSTER.y}" width="${POSTER.width}" height="${POSTER.height}" ` +
          `viewBox="0 0 ${POSTER_WIDTH} ${POSTER_HEIGHT}">`,
      );
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SHARE_WIDTH} ${SHARE_HEIGHT}" width="${SHARE_WIDTH}" ` +
    `height="${SHARE_HEIGHT}"><rect width="${SHARE_WIDTH}" height="${SHARE_HEIGHT}" fill="${paper}"/>` +
    `${art}<rect x="${POSTER.x - 1}" y="${POSTER.y - 1}" width="${POSTER.width + 2}" height="${POSTER.height + 2}" ` +
    // Poster and ground share one paper: a line of ink is the edge of the sheet.
    `fill="none" stroke="${ink}" stroke-width="2"/>` +
    `${lines}${setText(facts, MARGIN, factsY, ink, { ...factsStyle, size: factsSize })}` +
    `${drawWordmark(MARGIN, SHARE_HEIGHT - 44, 36, ink)}</svg>`
  );
}
