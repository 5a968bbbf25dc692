/** Motifs that grow from a centre: rays, rings, dots, petals. */
import { circle, type DrawMotif, FIELD_WIDTH, polygon, short } from './field.ts';

export const drawRays: DrawMotif = ({ random, colors, height, zoom }) => {
  const x = FIELD_WIDTH * (0.3 + 0.4 * random());
  const y = height * (0.44 + 0.12 * random());
  const slots = 18 + 2 * Math.floor(random() * 6);
  const turn = random() * Math.PI;
  const reach = 2200;
  const size = Math.min(1.12, height / 900) * zoom;
  let art = '';
  for (let slot = 0; slot < slots; slot += 2) {
    const from = turn + (2 * Math.PI * slot) / slots;
    const to = turn + (2 * Math.PI * (slot + 1)) / slots;
    art += polygon(
      [
        [x, y],
        [x + reach * Math.cos(from), y + reach * Math.sin(from)],
        [x + reach * Math.cos(to), y + reach * Math.sin(to)],
      ],
      colors.a,
    );
  }
  return art + circle(x, y, 250 * size, colors.paper) + circle(x, y, 205 * size, colors.b);
};

export const drawRings: DrawMotif = ({ random, colors, height, zoom }) => {
  const x = FIELD_WIDTH * (0.24 + 0.52 * random());
  const y = height * (0.36 + 0.22 * random());
  const step = 84 * Math.max(1, height / 960) * zoom;
  const drift = 9 * zoom * (random() < 0.5 ? -1 : 1);
  let art = '';
  for (let ring = 11; ring > 0; ring--) {
    art += circle(x + ring * drift, y, ring * step, ring % 2 ? colors.a : colors.paper);
  }
  return art + circle(x + drift, y, step * 0.7, colors.b);
};

export const drawDots: DrawMotif = ({ random, colors, height }) => {
  const columns = 13;
  const pitch = FIELD_WIDTH / columns;
  const rows = Math.max(1, Math.round(height / pitch));
  const pitchY = height / rows;
  // The focus lies off the middle, so that the field always has a dense and an empty corner.
  const focusX = random() < 0.5 ? 1 + random() * 4 : columns - 2 - random() * 4;
  const focusY = rows * (0.15 + 0.7 * random());
  const reach = 10.5;
  let art = '';
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const distance = Math.hypot(column - focusX, row - focusY) / reach;
      const radius = pitch * 0.49 * Math.max(0.08, 1.02 - distance);
      const fill = (column * 7 + row * 3) % 17 === 0 ? colors.b : colors.a;
      art += circle(pitch * (column + 0.5), pitchY * (row + 0.5), radius, fill);
    }
  }
  return art;
};

export const drawPetals: DrawMotif = ({ random, colors, height, zoom }) => {
  const x = FIELD_WIDTH / 2;
  const y = height / 2;
  const petals = 7 + Math.floor(random() * 6);
  // Whole in its field, or plainly larger than it: never cut by a hair.
  const radius = zoom > 1 ? Math.max(height * 0.62, 560) : Math.min(height / 2 - 48, 500);
  const scale = radius / 462;
  const turn = random() * 360;
  let art = '';
  for (const [reach, breadth, fill, offset] of [
    [440, 120, colors.a, 0],
    [290, 84, colors.b, 0.5],
  ] as const) {
    for (let petal = 0; petal < petals; petal++) {
      const angle = turn + (360 * (petal + offset)) / petals;
      art += `<ellipse cx="${short(x)}" cy="${short(y - reach * 0.55 * scale)}" rx="${short(
        ((breadth * 8) / petals + 20) * scale,
      )}" ry="${short(reach * 0.5 * scale)}" fill="${fill}" fill-opacity=".82" transform="rotate(${short(
        angle,
      )} ${short(x)} ${short(y)})"/>`;
    }
  }
  return art + circle(x, y, 74 * scale, colors.ink);
};
