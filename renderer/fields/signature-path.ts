/**
 * A signature as SVG path data in a box of 1000 × 300: M, L and whole numbers only, so that it is data and never a drawing instruction of
 * another kind. Strokes are thinned (Douglas–Peucker) until the whole fits a value of the dossier.
 */
export type Point = { x: number; y: number }

export const signatureBox = { width: 1000, height: 300 }

const distanceTo = (point: Point, from: Point, to: Point): number => {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const length = Math.hypot(dx, dy)
  return length === 0
    ? Math.hypot(point.x - from.x, point.y - from.y)
    : Math.abs(dx * (from.y - point.y) - dy * (from.x - point.x)) / length
}

const thinned = (points: readonly Point[], tolerance: number): Point[] => {
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined || points.length < 3) return [...points]
  let furthest = 0
  let at = 0
  for (let index = 1; index < points.length - 1; index += 1) {
    const point = points[index]
    const distance = point === undefined ? 0 : distanceTo(point, first, last)
    if (distance > furthest) [furthest, at] = [distance, index]
  }
  if (furthest <= tolerance) return [first, last]
  return [...thinned(points.slice(0, at + 1), tolerance).slice(0, -1), ...thinned(points.slice(at), tolerance)]
}

const inBox = (value: number, most: number): number => Math.min(most, Math.max(0, Math.round(value)))

const written = (strokes: readonly (readonly Point[])[], tolerance: number): string =>
  strokes
    .filter((stroke) => stroke.length > 0)
    .map((stroke) =>
      thinned(stroke, tolerance)
        .map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${inBox(x, signatureBox.width)} ${inBox(y, signatureBox.height)}`)
        .join(''),
    )
    .join('')

export const signaturePath = (strokes: readonly (readonly Point[])[], most: number): string => {
  for (let tolerance = 1; tolerance < 200; tolerance *= 1.6) {
    const path = written(strokes, tolerance)
    if (path.length <= most) return path
  }
  return written(strokes.slice(0, 8), 200)
    .slice(0, most)
    .replace(/[ML][^ML]*$/, '')
}
