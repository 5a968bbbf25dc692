import { toPlainText } from '@react-email/components';
import type { ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';

export interface Mail {
  subject: string;
  html: string;
  text: string;
}

/**
 * Turns a mail's element into what is sent: HTML, and the same words as plain text. A subject is one line: event
 * titles are written by people, and a line break in a header would be a second header.
 */
export async function renderMail(subject: string, element: ReactElement): Promise<Mail> {
  // As one text: the renderer that writes pieces leaves a NUL where a letter of several bytes lies across their border.
  const html = `<!DOCTYPE html>${renderToStaticMarkup(element)}`;
  return {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these must not reach a header
    subject: subject.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ').trim(),
    html,
    text: toPlainText(html, {
      wordwrap: 78,
      selectors: [
        { selector: 'table.rows', format: 'dataTable', options: { colSpacing: 2, uppercaseHeaderCells: false } },
        { selector: '[data-skip-in-text=true]', format: 'skip' },
        { selector: 'img', format: 'skip' },
      ],
    }),
  };
}
