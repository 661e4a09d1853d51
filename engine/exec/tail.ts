const MOST = 100 * 1024

/**
 * What of a command's output goes into its error: 100 KiB at most, without
 * white space around it. Of more, the end stays, after a line of how much over
 * that it was (as engine/engineutil/ref.go counts it).
 */
export function outputTail(output: Buffer): string {
  const omitted = output.length - MOST
  if (omitted <= 0) {
    return output.toString().trim()
  }
  const notice = `[omitting ${omitted} bytes]...`
  const end = output.subarray(omitted + notice.length).toString()
  return (notice + end).trim()
}
