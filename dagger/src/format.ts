/** How a report is written. */
export enum Format {
  /** For people at a terminal. */
  Text = "text",
  /** For programs: one object, with the name and version of its shape. */
  Json = "json",
  /** For $GITHUB_STEP_SUMMARY. */
  Markdown = "markdown",
}
