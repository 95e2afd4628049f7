import { encodePng } from './png.ts';
import { createRandom, type Random, seedOf } from './random.ts';

/** From the darkest to the lightest, as #rrggbb. */
export type Palette = readonly [string, string, string, string];
export type Motif = 'aurora' | 'sun' | 'grid' | 'pixels' | 'circles' | 'waves' | 'rays';

const SIZE = 640;

/** How light a place is, 0 to 3, on the palette's scale. x and y run from 0 to 1, y downward. */
type Shade = (x: number, y: number) => number;

/** Draws a square cover; the same album always gets the same picture. */
export function drawCover(slug: string, { palette, motif }: { palette: Palette; motif: Motif }): Buffer {
  const colours = palette.map((text) => [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16)));
  const shade = MOTIFS[motif](createRandom(seedOf(slug)));
  const pixels = new Uint8Array(SIZE * SIZE * 3);
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const light = Math.min(2.999, Math.max(0, shade((x + 0.5) / SIZE, (y + 0.5) / SIZE)));
      const from = colours[Math.floor(light)]!;
      const to = colours[Math.floor(light) + 1]!;
      const share = light % 1;
      for (let c = 0; c < 3; c++) pixels[(y * SIZE + x) * 3 + c] = from[c]! + (to[c]! - from[c]!) * share;
    }
  }
  return encodePng(pixels, SIZE, SIZE);
}

/** 1 inside, 0 outside, a soft edge a pixel or two wide between them. */
function inside(distance: number, softness = 0.003): number {
  return Math.min(1, Math.max(0, 0.5 - distance / softness));
}

const MOTIFS: Record<Motif, (random: Random) => Shade> = {
  aurora: drawAurora,
  sun: drawSun,
  grid: drawGrid,
  pixels: drawPixels,
  circles: drawCircles,
  waves: drawWaves,
  rays: drawRays,
};

function drawAurora(random: Random): Shade {
  const veils = Array.from({ length: 4 }, () => ({
    at: 0.25 + random() * 0.35,
    bend: 3 + random() * 5,
    start: random() * 6,
    reach: 0.12 + random() * 0.2,
  }));
  const stars = Array.from({ length: 90 }, () => [random(), random() * 0.7, random()] as const);
  return (x, y) => {
    const hill = 0.83 - 0.05 * Math.sin(x * 7 + 1) - 0.03 * Math.sin(x * 17);
    if (y > hill) return 0.15 + 0.4 * (y - hill);
    let light = 0.25 + y * 0.7;
    for (const { at, bend, start, reach } of veils) {
      const edge = at + 0.06 * Math.sin(x * bend + start) + 0.02 * Math.sin(x * 23 + start);
      const above = edge - y;
      if (above > 0) light += 1.1 * Math.exp(-above / reach) * (0.7 + 0.3 * Math.sin(x * 60 + start * 9));
      else light += 1.1 * Math.exp(above / 0.012);
    }
    for (const [sx, sy, size] of stars) if ((x - sx) ** 2 + (y - sy) ** 2 < 2e-6 * (0.5 + size)) light += 1.5;
    return light * 0.85;
  };
}

function drawSun(): Shade {
  return (x, y) => {
    const horizon = 0.66;
    if (y > horizon) {
      const depth = (y - horizon) / (1 - horizon);
      const column = Math.abs((((x - 0.5) / (depth + 0.12)) * 3.2 + 50) % 1) - 0.5;
      const row = Math.abs(((1 / (depth + 0.09)) * 1.4) % 1) - 0.5;
      const line = Math.max(
        inside(Math.abs(Math.abs(column) - 0.5) - 0.025, 0.04),
        inside(Math.abs(Math.abs(row) - 0.5) - 0.05, 0.06),
      );
      return 0.2 + line * (1.2 + depth * 0.6);
    }
    const distance = Math.hypot(x - 0.5, y - 0.43) - 0.25;
    const stripe = y > 0.42 && (y * 22) % 1 < (y - 0.38) * 1.9 ? 0 : 1;
    const sky = 0.15 + 1.25 * (y / horizon) ** 2.2 + 0.5 * Math.exp(-Math.max(0, distance) * 9);
    return sky + (3 - (y - 0.18) * 2.2 - sky) * inside(distance) * stripe;
  };
}

function drawGrid(random: Random): Shade {
  const cells = Array.from({ length: 81 }, () => random());
  return (x, y) => {
    const column = Math.floor(x * 9);
    const row = Math.floor(y * 9);
    const value = cells[row * 9 + column]!;
    const [u, v] = [(x * 9) % 1, (y * 9) % 1];
    const ground = 0.35 + 0.5 * (1 - y);
    const lit = row === 4 || value > 0.82 ? 2.1 : 0.9;
    const radius = row === 4 ? 0.1 + 0.3 * Math.abs(Math.sin(column * 0.9 + 0.4)) : 0.08 + value * 0.3;
    const mark =
      value < 0.5
        ? Math.hypot(u - 0.5, v - 0.5) - radius
        : Math.max(Math.abs(u - 0.5), Math.abs(v - 0.5)) - radius * 0.85;
    return ground + (lit - ground) * inside(mark, 0.03);
  };
}

function drawPixels(random: Random): Shade {
  const heights = Array.from({ length: 20 }, () => 11 + Math.floor(random() * 5));
  const stars = new Set(
    Array.from({ length: 26 }, () => Math.floor(random() * 20) + 20 * Math.floor(random() * 9)),
  );
  const hero = ['..##..', '.####.', '.#.##.', '######', '.####.', '.#..#.'];
  return (x, y) => {
    const [column, row] = [Math.floor(x * 20), Math.floor(y * 20)];
    if (hero[row - 6]?.[column - 7] === '#') return 2.05;
    if (row >= heights[column]!) return row === heights[column] ? 2.7 : 1.6 + 0.12 * ((column + row) % 2);
    if (Math.hypot(column - 15.5, row - 3.5) < 2.4) return 2.95;
    return stars.has(column + 20 * row) ? 2.6 : 0.15 + Math.floor((row / 16) * 5) * 0.18;
  };
}

function drawCircles(random: Random): Shade {
  const lamps = Array.from({ length: 7 }, (_, i) => ({
    x: 0.1 + random() * 0.8,
    y: 0.1 + random() * 0.65,
    size: 0.05 + 0.03 * i + random() * 0.03,
  }));
  return (x, y) => {
    let light = 0.2 + 0.9 * Math.exp(-((y - 0.35) ** 2) * 6);
    for (const { x: cx, y: cy, size } of lamps) {
      const distance = Math.hypot(x - cx, y - cy) - size;
      light +=
        0.55 * inside(distance) * (0.6 + 0.4 * (1 + distance / size)) +
        0.18 * Math.exp(-Math.max(0, distance) * 14);
    }
    const table = Math.hypot((x - 0.5) / 1.25, (y - 1.12) / 0.8) - 0.42;
    return light + (0.75 + (1 - y) * 1.2 - light) * inside(table);
  };
}

function drawWaves(random: Random): Shade {
  const layers = Array.from({ length: 9 }, (_, i) => ({
    at: 0.42 + i * 0.068,
    bend: 4 + random() * 5,
    start: random() * 6.28,
    tall: 0.018 + random() * 0.02,
  }));
  return (x, y) => {
    let light = 2.95 - y * 0.9;
    const sun = Math.hypot(x - 0.68, y - 0.3) - 0.13;
    light += (2 - light) * inside(sun);
    for (const [i, { at, bend, start, tall }] of layers.entries()) {
      const edge = at + tall * Math.sin(x * bend + start) + tall * 0.4 * Math.sin(x * bend * 2.3 + start);
      if (y > edge) light = 1.75 - i * 0.19 + 0.5 * Math.exp(-(y - edge) * 90);
    }
    return light;
  };
}

function drawRays(random: Random): Shade {
  const turn = random() * 6.28;
  return (x, y) => {
    const [dx, dy] = [x - 0.5, y - 0.5];
    const radius = Math.hypot(dx, dy);
    const ray = (((Math.atan2(dy, dx) + turn + radius * 0.9) / (2 * Math.PI)) * 18 + 18) % 3;
    const ground = 0.35 + Math.floor(ray) * 1.05;
    const disc = inside(radius - 0.27);
    const groove = 0.25 + 0.16 * Math.abs(Math.sin(radius * 330));
    const shine = 0.5 * Math.abs(Math.cos(Math.atan2(dy, dx) * 2 + 0.6)) ** 8;
    const label = inside(radius - 0.1);
    const record = groove + shine + (2.85 - groove - shine) * label - 2.6 * inside(radius - 0.014);
    return ground + (record - ground) * disc;
  };
}
