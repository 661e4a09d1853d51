/** The lowest, the middle and the highest of some figures. */
export interface Spread {
  minimum: number
  median: number
  maximum: number
}

/** The spread of at least one figure. */
export function spread(figures: number[]): Spread {
  const sorted = [...figures].sort((a, b) => a - b)
  const at = (index: number) => sorted[index] ?? Number.NaN
  const middle = (sorted.length - 1) / 2
  return {
    minimum: at(0),
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    maximum: at(sorted.length - 1),
  }
}

/** Each figure divided by the one of the same round. */
export function ratios(figures: number[], base: number[]): number[] {
  return figures.map((figure, round) => figure / (base[round] ?? Number.NaN))
}
