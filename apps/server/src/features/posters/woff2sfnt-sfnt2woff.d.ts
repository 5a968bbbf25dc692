declare module 'woff2sfnt-sfnt2woff' {
  /** Unpacks a WOFF into a plain font. */
  export function toSfnt(woff: Buffer): Buffer;
}
