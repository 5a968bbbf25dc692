/** Markup that is safe to send: made only by `html`, which escapes whatever is put into it. */
export interface Html {
  readonly markup: string;
}

export type HtmlValue = Html | string | number | null | undefined | false | readonly HtmlValue[];

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function toMarkup(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'string' || typeof value === 'number') {
    return String(value).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
  }
  if ('markup' in value) return value.markup;
  return value.map(toMarkup).join('');
}

/** Tagged template: words are escaped (in text and in quoted attributes), other `html` parts are kept, lists are joined. */
export function html(strings: TemplateStringsArray, ...values: HtmlValue[]): Html {
  const markup = strings.reduce((text, part, index) => text + part + toMarkup(values[index]), '');
  return { markup };
}
