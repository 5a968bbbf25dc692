import PDFDocument from 'pdfkit';
import { type Pdf, registerFonts } from './write-lines.ts';

export interface PdfFacts {
  title: string;
  author: string;
  /** Said in the file: the same data must give the same bytes. */
  createdAt: Date;
}

/** Opens an A4 document without a page, lets `draw` fill it, and gives its bytes. */
export function collectPdf(facts: PdfFacts, draw: (pdf: Pdf) => void): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pdf = new PDFDocument({
      size: 'A4',
      margin: 0,
      autoFirstPage: false,
      lang: 'en',
      info: { Title: facts.title, Author: facts.author, CreationDate: facts.createdAt, ModDate: facts.createdAt },
    });
    const chunks: Buffer[] = [];
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('error', reject);
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    registerFonts(pdf);
    draw(pdf);
    pdf.end();
  });
}
