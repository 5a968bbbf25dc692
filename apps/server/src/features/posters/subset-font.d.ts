/** The part of subset-font that we use; the published types do not know `keepAllGlyphs`. */
declare module 'subset-font' {
  export default function subsetFont(
    font: Buffer,
    text: string,
    options: { targetFormat: 'sfnt'; keepAllGlyphs: boolean; variationAxes: Record<string, number> },
  ): Promise<Buffer>;
}
