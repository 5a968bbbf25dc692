import PDFDocument from 'pdfkit';
import { loadFaces } from '../posters/load-faces.ts';
import type { Pdf } from './write-lines.ts';

export interface PdfFacts {
  title: string;
  author: string;
  /** Said in the file: the same data must give the same bytes. */
  createdAt: Date;
  /** Everything people typed that will be written: its faces are loaded before drawing. */
  texts: readonly string[];
}

/** What a screen reader is told a piece of a page is. */
export type Tag = 'H1' | 'P' | 'Figure';

export interface Page {
  pdf: Pdf;
  /**
   * Draws a piece that is read, in the order of the calls. `alt` stands for what letters cannot say, `actual` for the words as they were
   * typed: shaped letters are more, fewer and in another order.
   */
  tag<T>(tag: Tag, draw: () => T, says?: { alt?: string; actual?: string }): T;
  /** Draws what is only to be seen: grounds, rules, the mark of the house. */
  decorate(draw: () => void): void;
}

/** Opens a tagged A4 document without a page, lets `draw` fill it, and gives its bytes. */
export async function collectPdf(facts: PdfFacts, draw: (page: Page) => void): Promise<Buffer> {
  await loadFaces(facts.title, facts.author, ...facts.texts);
  return new Promise((resolve, reject) => {
    const pdf = new PDFDocument({
      size: 'A4',
      margin: 0,
      autoFirstPage: false,
      pdfVersion: '1.7',
      tagged: true,
      displayTitle: true,
      lang: 'en',
      info: { Title: facts.title, Author: facts.author, CreationDate: facts.createdAt, ModDate: facts.createdAt },
    });
    const chunks: Buffer[] = [];
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('error', reject);
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    const root = pdf.struct('Document');
    pdf.addStructure(root);
    draw({
      pdf,
      tag(tag, fill, says = {}) {
        const results: ReturnType<typeof fill>[] = [];
        const draw = () => {
          results.push(fill());
        };
        root.add(pdf.struct(tag, says, [draw]));
        return results[0] as ReturnType<typeof fill>;
      },
      decorate(fill) {
        pdf.markContent('Artifact', { type: 'Layout' });
        fill();
        pdf.endMarkedContent();
      },
    });
    root.end();
    pdf.end();
  });
}
