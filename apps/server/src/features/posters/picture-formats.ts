/** Part of every cache key: raise it whenever any picture would come out differently. */
export const DRAWING_VERSION = 2;

export type ImageFormat = 'webp' | 'png' | 'jpeg';

export const CONTENT_TYPES: Record<ImageFormat, string> = {
  webp: 'image/webp',
  png: 'image/png',
  jpeg: 'image/jpeg',
};

export const COVER_FORMATS = ['webp', 'png'] as const;

/** Width of a printed ticket's art: about 220 dpi on paper. */
export const STUB_WIDTH = 1200;
