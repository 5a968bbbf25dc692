/**
 * Everything that is drawn, by name: data in, bytes out. This is the file of the drawing threads. Others import its types alone, so
 * that fonts and the libraries that draw stay out of the server's own thread.
 */
import type { PaletteName } from '@liventix/contracts/posters';
import sharp from 'sharp';
import { serveWorks } from '../../platform/serve-works.ts';
import type { Receipt } from '../documents/receipts.rules.ts';
import { renderReceiptPdf } from '../documents/render-receipt-pdf.ts';
import { renderTicketPdf, type TicketPdfData } from '../documents/render-ticket-pdf.ts';
import { type CleanUpload, cleanUpload, type UploadKind } from '../posters/clean-upload.ts';
import { drawMotifCrop, type MotifCropInput } from '../posters/draw-motif-crop.ts';
import { drawPoster, type PosterInput } from '../posters/draw-poster.ts';
import { drawShareImage, SHARE_WIDTH } from '../posters/draw-share-image.ts';
import { nearestPalette } from '../posters/nearest-palette.ts';
import type { ImageFormat } from '../posters/picture-formats.ts';
import { renderBlur, renderCover, renderImage, renderStub } from '../posters/render-image.ts';

// One of libvips' threads for each picture: the other core belongs to buyers.
sharp.concurrency(1);

type Sized = { width: number; format: ImageFormat };
/** Where bytes lie in their memory is lost on their way here; this is the same memory. */
const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

async function renderMotif({ width, format, ...input }: MotifCropInput & Sized): Promise<Uint8Array> {
  return renderImage({ svg: await drawMotifCrop(input), width, format });
}

export const pictures = {
  poster: async ({ width, format, ...input }: PosterInput & Sized): Promise<Uint8Array> =>
    renderImage({ svg: await drawPoster(input), width, format }),
  blur: async (input: PosterInput): Promise<string> => renderBlur(await drawPoster(input)),
  motif: renderMotif,
  cover: ({ cover, width, format }: { cover: Uint8Array } & Sized): Promise<Uint8Array> =>
    renderCover(bufferOf(cover), width, format),
  share: async ({ cover, ...input }: PosterInput & { cover: Uint8Array | null }): Promise<Uint8Array> => {
    const jpeg = cover && (await renderCover(bufferOf(cover), 540, 'jpeg'));
    const coverDataUri = jpeg ? `data:image/jpeg;base64,${jpeg.toString('base64')}` : undefined;
    const svg = await drawShareImage({ ...input, ...(coverDataUri ? { coverDataUri } : {}) });
    return renderImage({ svg, width: SHARE_WIDTH, format: 'png', grain: false });
  },
  upload: ({ bytes, kind }: { bytes: Uint8Array; kind: UploadKind }): Promise<CleanUpload> =>
    cleanUpload(bufferOf(bytes), kind),
  palette: ({ image }: { image: Uint8Array }): Promise<PaletteName> => nearestPalette(bufferOf(image)),
};

/** A buyer's paper, and the art on it. */
export const documents = {
  tickets: (data: TicketPdfData): Promise<Uint8Array> => renderTicketPdf(data),
  receipt: ({ receipt, timeZone }: { receipt: Receipt; timeZone: string }): Promise<Uint8Array> =>
    renderReceiptPdf(receipt, timeZone),
  stub: ({ cover }: { cover: Uint8Array }): Promise<Uint8Array> => renderStub(bufferOf(cover)),
  stubMotif: renderMotif,
};

export default serveWorks({ ...pictures, ...documents });
