import type { Server, ServerOptions } from 'socket.io';

/**
 * What concerns one socket or one person wherever she is connected. Snapshots never travel this way: every node hears
 * the database by itself, so with nobody else to talk to (or with Redis away) each screen is still true.
 */
export type NodeMessage =
  /** Who (as short hashes) looks at rooms of the sending node: changes, or all of them now and then. */
  | { name: 'presence'; whole: boolean; rooms: { ref: string; entered: string[]; left: string[] }[] }
  | { name: 'session-ended'; sessionId: string }
  | { name: 'person-ended'; userId: string }
  | { name: 'person-recheck'; userId: string };

/** The way to the other nodes. Everything is best effort: nothing here may throw, block, or be needed for a number. */
export interface AcrossNodes {
  /** Handed to Socket.IO as it is; left out, its in-memory adapter stays. */
  adapter?: ServerOptions['adapter'];
  /**
   * Called once when Socket.IO is mounted, before the first connection.
   * @param hear takes what another node published, and that node's name
   */
  start(io: Pick<Server, 'on' | 'serverSideEmit'>, hear: (message: NodeMessage, node: string) => void): void;
  /** To every other node, not to ourselves. */
  publish(message: NodeMessage): void;
  stop(): Promise<void>;
}

/** One node alone. */
export const alone: AcrossNodes = { start() {}, publish() {}, async stop() {} };
