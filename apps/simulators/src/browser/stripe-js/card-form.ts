import { buildNode } from './build-node.ts';
import {
  type CardEntry,
  type CardField,
  type CardMistake,
  findMistakes,
  formatCvc,
  formatExpiry,
  formatNumber,
} from './card-entry.rules.ts';

const PICKS = [
  { number: '4242424242424242', words: '4242 pays' },
  { number: '4000000000000002', words: '0002 declines' },
  { number: '4000002500003155', words: '3155 asks 3D Secure' },
];
const COUNTRIES =
  'AT AU BE BG BR CA CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IN IS IT JP LI LT LU LV MT MX NL NO NZ PL PT RO SE SG SI SK UA US';

let forms = 0;

export interface CardForm {
  root: HTMLElement;
  read(): CardEntry;
  mistakes(): CardMistake[];
  /** Shows every mistake and puts the cursor into the first wrong field. */
  showMistakes(): void;
  focus(): void;
  clear(): void;
}

/**
 * The card form: labelled fields, messages tied to their field, and test cards to pick.
 * The fields carry no names, so a surrounding form never posts card data to the shop.
 */
export function buildCardForm(locale: string, onChange: () => void): CardForm {
  forms += 1;
  const prefix = `card-form-${forms}`;
  const fields = {
    number: buildField(prefix, 'number', 'Card number', 'cc-number', '1234 1234 1234 1234'),
    expiry: buildField(prefix, 'expiry', 'Expiry', 'cc-exp', 'MM / YY'),
    cvc: buildField(prefix, 'cvc', 'CVC', 'cc-csc', ''),
  };
  const country = buildCountries(prefix, locale);
  const read = (): CardEntry => ({
    number: fields.number.input.value,
    expiry: fields.expiry.input.value,
    cvc: fields.cvc.input.value,
    country: country.value,
  });
  const mistakes = () => findMistakes(read(), new Date());
  const show = (field: CardField) => {
    const mistake = mistakes().find((candidate) => candidate.field === field);
    fields[field].say(mistake?.message ?? '');
  };
  const formats = {
    number: formatNumber,
    expiry: formatExpiry,
    cvc: (text: string) => formatCvc(text, fields.number.input.value),
  };
  for (const field of ['number', 'expiry', 'cvc'] as const) {
    const { input, say } = fields[field];
    input.addEventListener('input', (event) => {
      const erasing = event instanceof InputEvent && event.inputType.startsWith('delete');
      // Only at the end of the text: a cursor in the middle must not jump.
      if (!erasing && input.selectionStart === input.value.length) input.value = formats[field](input.value);
      if (input.getAttribute('aria-invalid') === 'true') say('');
      onChange();
    });
    input.addEventListener('blur', () => input.value !== '' && show(field));
  }
  country.addEventListener('change', onChange);

  const picks = PICKS.map(({ number, words }) => {
    const button = buildNode('button', { type: 'button' }, words);
    button.addEventListener('click', () => {
      fields.number.input.value = formatNumber(number);
      fields.expiry.input.value = '12 / 34';
      fields.cvc.input.value = '123';
      for (const field of Object.values(fields)) field.say('');
      onChange();
    });
    return button;
  });
  const root = buildNode(
    'div',
    { class: 'liventix-card', role: 'group', 'aria-label': 'Card' },
    buildNode(
      'div',
      { class: 'wide picks' },
      buildNode('p', {}, 'Test payment, no money moves. Pick a card:'),
      ...picks,
    ),
    fields.number.root,
    fields.expiry.root,
    fields.cvc.root,
    buildNode('div', { class: 'wide field' }, buildNode('label', { for: country.id }, 'Country'), country),
  );
  fields.number.root.classList.add('wide');
  return {
    root,
    read,
    mistakes,
    showMistakes: () => {
      const [first] = mistakes();
      for (const field of ['number', 'expiry', 'cvc'] as const) show(field);
      if (first) fields[first.field].input.focus();
    },
    focus: () => fields.number.input.focus(),
    clear: () => {
      for (const { input, say } of Object.values(fields)) {
        input.value = '';
        say('');
      }
    },
  };
}

function buildField(prefix: string, field: CardField, label: string, autocomplete: string, hint: string) {
  const id = `${prefix}-${field}`;
  const input = buildNode('input', {
    id,
    type: 'text',
    inputmode: 'numeric',
    autocomplete,
    autocorrect: 'off',
    spellcheck: 'false',
    'data-field': field,
    'aria-required': 'true',
    ...(hint ? { placeholder: hint } : {}),
  });
  const mistake = buildNode('p', { id: `${id}-mistake`, class: 'mistake', role: 'alert' });
  const root = buildNode('div', { class: 'field' }, buildNode('label', { for: id }, label), input, mistake);
  const say = (words: string) => {
    mistake.textContent = words;
    if (words) {
      input.setAttribute('aria-invalid', 'true');
      input.setAttribute('aria-describedby', mistake.id);
    } else {
      input.removeAttribute('aria-invalid');
      input.removeAttribute('aria-describedby');
    }
  };
  return { root, input, say };
}

function buildCountries(prefix: string, locale: string): HTMLSelectElement {
  const names = new Intl.DisplayNames([locale, 'en'], { type: 'region' });
  const select = buildNode('select', { id: `${prefix}-country`, autocomplete: 'billing country' });
  const options = COUNTRIES.split(' ').map((code) => ({ code, name: names.of(code) ?? code }));
  options.sort((left, right) => left.name.localeCompare(right.name, locale));
  for (const { code, name } of options) select.append(buildNode('option', { value: code }, name));
  const region = navigator.language.split('-')[1]?.toUpperCase();
  select.value = region && COUNTRIES.includes(region) ? region : 'DE';
  return select;
}
