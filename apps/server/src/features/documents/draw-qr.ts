/** QR codes: black on white whatever the page around them, because scanners are cheap and light is bad. */
import QRCode from 'qrcode';

/** White around a code, in modules, as ISO 18004 wants it. */
export const QR_QUIET_MODULES = 4;

/** Side of the code itself and the white around it, in pixels, as shown on a ticket. */
export const QR_SIDE = 240;
export const QR_QUIET = 16;

const createCode = (text: string) => QRCode.create(text, { errorCorrectionLevel: 'M' });

/** Modules along a side of the code of this text. */
export function countModules(text: string): number {
  return createCode(text).modules.size;
}

/**
 * The dark modules as SVG path data in a square of `side` units, without quiet zone. Neighbours in a row are one
 * rectangle: fewer edges, no seams.
 */
export function drawQrPath(text: string, side: number): string {
  const { size, data } = createCode(text).modules;
  const unit = side / size;
  const at = (value: number): string => String(Math.round(value * 1000) / 1000);
  let path = '';
  for (let row = 0; row < size; row++) {
    let column = 0;
    while (column < size) {
      if (!data[row * size + column]) {
        column++;
        continue;
      }
      const start = column;
      while (column < size && data[row * size + column]) column++;
      path += `M${at(start * unit)} ${at(row * unit)}h${at((column - start) * unit)}v${at(unit)}h-${at((column - start) * unit)}z`;
    }
  }
  return path;
}

/** The code as an SVG document with its quiet zone; scales to any size by its `viewBox`. */
export function drawQr(text: string): string {
  const full = QR_SIDE + 2 * QR_QUIET;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${full} ${full}" width="${full}" height="${full}" ` +
    `shape-rendering="crispEdges"><rect width="${full}" height="${full}" fill="#fff"/>` +
    `<path transform="translate(${QR_QUIET} ${QR_QUIET})" d="${drawQrPath(text, QR_SIDE)}" fill="#000"/></svg>`
  );
}

/** The code as PNG, each module a whole number of pixels, about `widthPx` wide, with four modules of quiet zone. */
export async function renderQrPng(text: string, widthPx = 544): Promise<Buffer> {
  const modules = createCode(text).modules.size + 8;
  const scale = Math.max(2, Math.round(widthPx / modules));
  return QRCode.toBuffer(text, {
    errorCorrectionLevel: 'M',
    type: 'png',
    margin: 4,
    scale,
    color: { dark: '#000000ff', light: '#ffffffff' },
  });
}
