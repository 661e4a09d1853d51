/** A run of CI has an hour to spare; a minted token lives for 15 minutes. */
const LONGEST = 3600

/**
 * Checks `--deadline`.
 *
 * @returns seconds
 * @throws a sentence where it is no such time
 */
export function readDeadline(seconds: number): number {
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= LONGEST) {
    return seconds
  }
  throw new Error(
    `--deadline=${seconds} is no deadline. Pass whole seconds from 1 to ${LONGEST}, such as --deadline=240.`,
  )
}
