/** Places on a picture: where a number lies on an axis. Nothing here is an amount to be paid. */

/** Maps a span of numbers onto a span of the picture. */
export function onto(span: [number, number], place: [number, number]): (value: number) => number {
  const [low, high] = span;
  const size = high - low || 1;
  return (value) => place[0] + ((value - low) / size) * (place[1] - place[0]);
}

/** Round marks between two numbers, about `count` of them: steps of 1, 2 or 5 times a power of ten. */
export function marks(low: number, high: number, count: number): number[] {
  if (!(high > low)) return [low];
  const raw = (high - low) / Math.max(count, 1);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((each) => each * power >= raw) ?? 10) * power;
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, place) => (first + place) * step);
}

/** The line through points of the picture, as SVG writes it. */
export function line(points: [number, number][]): string {
  return points.map(([x, y], place) => `${place ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
}

/** A bar's length as a share of the longest, 0 to 100, at least a trace when it is not nothing. */
export function share(value: number, longest: number): number {
  const size = longest ? (Math.abs(value) / longest) * 100 : 0;
  return value && size < 0.6 ? 0.6 : Math.min(size, 100);
}

/** The point of a curve nearest to a place across. */
export function nearest<T>(points: T[], across: (point: T) => number, x: number): T | null {
  let best: T | null = null;
  for (const point of points)
    if (best === null || Math.abs(across(point) - x) < Math.abs(across(best) - x)) best = point;
  return best;
}
