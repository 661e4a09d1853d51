/** The services that can be told of a release. */
export type Service = "slack" | "discord"

/** What became of one message. */
export interface Notification {
  to: Service
  outcome: "sent" | "failed"
  /** Why it failed. */
  reason?: string
}
