import bricolage from '@fontsource-variable/bricolage-grotesque/files/bricolage-grotesque-latin-wdth-normal.woff2?url';
import inter from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url';

/** What the first screen is set in. The same hashed files as in the style sheets, so nothing is loaded twice. */
export const preloadedFonts = [bricolage, inter];
