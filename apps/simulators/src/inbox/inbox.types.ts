export interface InboxAttachment {
  filename: string;
  contentType: string;
  size: number;
  content: Buffer;
}

export interface InboxMessage {
  /** 1, 2, 3 … in order of arrival; also its address in the web view. */
  id: number;
  receivedAt: Date;
  from: string;
  /** Everyone it was really delivered to (the envelope), blind copies included; lower case. */
  to: string[];
  subject: string;
  text: string;
  /** Null for a mail of text alone. */
  html: string | null;
  headers: Record<string, string>;
  attachments: InboxAttachment[];
}

export interface MailQuery {
  /** The whole address, any case. */
  to?: string;
  /** A part of the subject, or a pattern. */
  subject?: string | RegExp;
  /** Only what came after this mail or this moment. */
  after?: InboxMessage | Date;
}
