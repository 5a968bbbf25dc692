/**
 * A stranger's picture, made harmless before anybody else sees it: known by its first bytes and never by its name or
 * declared type, refused when it would unpack into a bomb, turned upright, stripped of everything but its pixels
 * (place, device, date) and encoded again by us.
 */
import { UPLOAD_BYTES_MAX, UPLOAD_SIDE_MAX } from '@liventix/contracts/uploads';
import sharp, { type Metadata } from 'sharp';
import { renderBlur } from './render-image.ts';

export type UploadKind = 'cover' | 'photo';

/** 50 megapixels: more than any phone of today, under 200 MB unpacked. */
export const UPLOAD_PIXELS_MAX = 50_000_000;
/** A cover narrower than this would look soft on its own page. */
export const COVER_WIDTH_MIN = 540;
/** AVIF takes ten times as long to unpack, and half a kilobyte of it can hold sixteen megapixels. */
export const AVIF_PIXELS_MAX = 8_000_000;

export type UploadRefusal =
  | 'empty'
  | 'too_large'
  | 'svg_refused'
  | 'type_refused'
  | 'too_many_pixels'
  | 'avif_too_many_pixels'
  | 'too_small'
  | 'broken';

export interface CleanImage {
  ok: true;
  /** WebP, sRGB, no metadata. */
  image: Uint8Array;
  width: number;
  height: number;
  blurDataUri: string;
}

export type CleanUpload = CleanImage | { ok: false; reason: UploadRefusal; words: string };

const words: Record<UploadRefusal, string> = {
  empty: 'That file is empty.',
  too_large: 'That picture is over 15 MB. A smaller export of it will do.',
  svg_refused: 'We can’t take SVG files. A PNG export of it will do.',
  type_refused: 'We can read JPEG, PNG, WebP and AVIF pictures. That file is none of them.',
  too_many_pixels: 'That picture has more than 50 megapixels. A smaller export of it will do.',
  avif_too_many_pixels: 'That AVIF has more than 8 megapixels. A JPEG of it will do.',
  too_small: `That picture is too small for a cover. It needs at least ${COVER_WIDTH_MIN} pixels in width once cropped 4:5.`,
  broken: 'We couldn’t read that picture to its end. Try saving it again.',
};

const refuse = (reason: UploadRefusal): CleanUpload => ({ ok: false, reason, words: words[reason] });

type Sniffed = 'jpeg' | 'png' | 'webp' | 'avif' | 'svg' | null;

const ascii = (bytes: Buffer, from: number, to: number): string => bytes.toString('latin1', from, to);

/** What a file is by its first bytes. */
export function sniffImage(bytes: Buffer): Sniffed {
  if (bytes.length >= 3 && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  if (ascii(bytes, 0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP') return 'webp';
  if (ascii(bytes, 4, 8) === 'ftyp') {
    const boxLength = Math.min(bytes.length >= 4 ? bytes.readUInt32BE(0) : 0, 128);
    const brands = ascii(bytes, 8, 12) + ascii(bytes, 16, boxLength);
    return /avif|avis/.test(brands) ? 'avif' : null;
  }
  // Not to draw it, only to say why not.
  const head = bytes.toString('utf8', 0, 1024).replaceAll('\0', '');
  return /<svg[\s>]/i.test(head) || /<!DOCTYPE svg/i.test(head) ? 'svg' : null;
}

const LOADERS: Record<'jpeg' | 'png' | 'webp' | 'avif', string> = {
  jpeg: 'jpeg',
  png: 'png',
  webp: 'webp',
  avif: 'heif',
};

/**
 * Cleans one uploaded picture: at most 2,000 pixels on its longer side, a cover cropped 4:5 around what draws the eye.
 * Never throws for what a file contains: a refusal carries a reason for code and words for people.
 */
export async function cleanUpload(bytes: Buffer, kind: UploadKind): Promise<CleanUpload> {
  if (bytes.length === 0) return refuse('empty');
  if (bytes.length > UPLOAD_BYTES_MAX) return refuse('too_large');
  const type = sniffImage(bytes);
  if (type === 'svg') return refuse('svg_refused');
  if (type === null) return refuse('type_refused');

  // The limit is checked below with a reason of its own; here it only has to let the header through.
  const open = (limitInputPixels: number | boolean) => sharp(bytes, { failOn: 'error', limitInputPixels, pages: 1 });
  let facts: Metadata;
  try {
    facts = await open(false).metadata();
  } catch {
    return refuse('broken');
  }
  if (facts.format !== LOADERS[type] && facts.format !== type) return refuse('type_refused');
  const sideways = (facts.orientation ?? 1) >= 5;
  const width = (sideways ? facts.height : facts.width) ?? 0;
  const height = (sideways ? facts.width : facts.height) ?? 0;
  if (width * height > UPLOAD_PIXELS_MAX) return refuse('too_many_pixels');
  if (type === 'avif' && width * height > AVIF_PIXELS_MAX) return refuse('avif_too_many_pixels');

  let pipeline = open(UPLOAD_PIXELS_MAX).autoOrient();
  if (kind === 'cover') {
    const coverWidth = Math.floor(Math.min(width, height * 0.8));
    if (coverWidth < COVER_WIDTH_MIN) return refuse('too_small');
    const target = Math.min(coverWidth, UPLOAD_SIDE_MAX * 0.8);
    pipeline = pipeline.resize(target, Math.round(target / 0.8), { fit: 'cover', position: sharp.strategy.attention });
  } else {
    pipeline = pipeline.resize(UPLOAD_SIDE_MAX, UPLOAD_SIDE_MAX, { fit: 'inside', withoutEnlargement: true });
  }
  try {
    const { data, info } = await pipeline
      .flatten({ background: '#FFFFFF' })
      .toColourspace('srgb')
      .webp({ quality: 84, effort: 4 })
      .toBuffer({ resolveWithObject: true });
    return { ok: true, image: data, width: info.width, height: info.height, blurDataUri: await renderBlur(data) };
  } catch {
    return refuse('broken');
  }
}
