/** Whether what is uploaded is signed by the identity that uploads it. */
export enum Attestations {
  /** Sign nothing. */
  Off = "off",
  /** Sign where an identity was given; where that fails, upload unsigned. */
  BestEffort = "best-effort",
  /** Sign, or upload nothing. */
  Required = "required",
}
