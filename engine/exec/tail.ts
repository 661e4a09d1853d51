const MOST = 100 * 1024

/**
 * What of a command's output goes into its error: the last 100 KiB, without
 * white space around it, saying how much is left out before.
 */
export function outputTail(output: Buffer): string {
  const omitted = output.length - MOST
  const text =
    omitted > 0
      ? `[omitting ${omitted} bytes]...${output.subarray(omitted).toString()}`
      : output.toString()
  return text.trim()
}
