/** What can be switched while a process runs. Not kept: a restart sets them back. */
export interface Switches {
  /** The sweep that frees lapsed holds. Off only while the demo replays the incident. */
  sweeping: boolean;
  /** The demo's own small stream of life. */
  breathing: boolean;
}
