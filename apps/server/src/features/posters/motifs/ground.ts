/** Motifs with a horizon or a rhythm from left to right: waves, bars, moon, steps. They stand on the lower edge. */
import { circle, type DrawMotif, FIELD_WIDTH, polygon, rectangle, short } from './field.ts';

export const drawWaves: DrawMotif = ({ random, colors, height }) => {
  const waves = 15;
  const amplitude = 40 + 60 * random();
  const phase = random() * 6;
  const frequency = 1 + random() * 1.5;
  const scale = height / 960;
  let art = '';
  for (let wave = 0; wave < waves; wave++) {
    let path = '';
    for (let x = -24; x <= FIELD_WIDTH + 24; x += 24) {
      const swing = Math.sin(((frequency * x) / FIELD_WIDTH) * 2 * Math.PI + phase + wave * 0.32);
      const y = (70 + wave * 62) * scale + amplitude * swing * (0.3 + wave / waves);
      path += `${path === '' ? 'M' : 'L'}${x} ${short(y)}`;
    }
    art += `<path d="${path}" fill="none" stroke="${wave % 5 === 2 ? colors.b : colors.a}" stroke-width="${short(
      (8 + wave * 2.2) * scale,
    )}" stroke-linejoin="round"/>`;
  }
  return art;
};

export const drawBars: DrawMotif = ({ random, colors, height }) => {
  const bars = 12;
  const pitch = FIELD_WIDTH / bars;
  const gap = 16;
  const phase = random() * Math.PI;
  const pace = 0.42 + 0.3 * random();
  let art = '';
  for (let bar = 0; bar < bars; bar++) {
    const swing = Math.abs(Math.sin(bar * pace + phase + (random() - 0.5) * 0.9));
    const tall = height * (0.16 + 0.76 * swing);
    const width = pitch - gap;
    // The foot runs over the edge, so that only the head is round.
    art += rectangle(
      bar * pitch + gap / 2,
      height - tall,
      width,
      tall + width,
      bar % 4 === 1 ? colors.b : colors.a,
      width / 2,
    );
  }
  return art;
};

export const drawMoon: DrawMotif = ({ random, colors, height }) => {
  const radius = Math.min(340, height * 0.35);
  const x = FIELD_WIDTH * (0.36 + 0.28 * random());
  const y = radius + height * (0.07 + 0.03 * random());
  const side = random() < 0.5 ? -1 : 1;
  const bite = side * radius * (0.3 + 0.16 * random());
  let art = circle(x, y, radius, colors.b) + circle(x + bite, y - radius * 0.13, radius * 0.9, colors.paper);
  const ridges = 5;
  const first = height * 0.66;
  for (let ridge = 0; ridge < ridges; ridge++) {
    const base = first + (ridge * (height - first)) / ridges;
    const rough = 92 * (1 - ridge * 0.13) * (height / 960);
    const points: Array<[number, number]> = [[-20, height + 20]];
    let level = random();
    for (let at = -20; at <= FIELD_WIDTH + 60; at += 60) {
      // Each point leans on the one before: ridges, not noise.
      level = level * 0.45 + random() * 0.55;
      points.push([at, base - rough * (level * 1.7 - 0.35)]);
    }
    points.push([FIELD_WIDTH + 60, height + 20]);
    art += polygon(points, ridge % 2 ? colors.ink : colors.a);
  }
  return art;
};

export const drawSteps: DrawMotif = ({ random, colors, height }) => {
  const steps = 9;
  const pitch = FIELD_WIDTH / steps;
  const rising = random() > 0.5;
  const first = Math.floor(random() * 3);
  const lowest = 90 + 90 * random();
  const rise = (height * (0.74 + 0.1 * random()) - pitch - lowest) / (steps - 1);
  let art = '';
  for (let step = 0; step < steps; step++) {
    const tall = lowest + step * rise;
    const x = (rising ? step : steps - 1 - step) * pitch;
    // Each column reaches a little under its taller neighbour, drawn next: no seam where both are one colour.
    art += rectangle(rising ? x : x - 6, height - tall, pitch + 6, tall + 10, step % 2 ? colors.a : colors.ink);
    if (step % 3 === first) art += circle(x + pitch / 2, height - tall - pitch * 0.44, pitch * 0.42, colors.b);
  }
  return art;
};
