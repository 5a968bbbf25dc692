import type { Appearance } from './stripe-js.types.ts';

interface Colours {
  colorPrimary: string;
  colorBackground: string;
  colorText: string;
  colorTextSecondary: string;
  colorDanger: string;
  colorBorder: string;
}

const LIGHT: Colours = {
  colorPrimary: '#0570de',
  colorBackground: '#ffffff',
  colorText: '#30313d',
  colorTextSecondary: '#6d6e78',
  colorDanger: '#c0123c',
  colorBorder: '#8a8577',
};
const NIGHT: Colours = {
  colorPrimary: '#85d996',
  colorBackground: '#30313d',
  colorText: '#ffffff',
  colorTextSecondary: '#c0c2ce',
  colorDanger: '#fe87a1',
  colorBorder: '#8f8da0',
};

const CSS = `
.liventix-card, .liventix-challenge { color: var(--sim-text); font-family: var(--sim-font); line-height: 1.4; box-sizing: border-box; }
.liventix-card *, .liventix-challenge * { box-sizing: border-box; font-family: inherit; }
.liventix-card { display: grid; grid-template-columns: 1fr 1fr; gap: 12px; border: 0; margin: 0; padding: 0; min-width: 0; }
.liventix-card .wide { grid-column: 1 / -1; }
.liventix-card .field { display: block; min-width: 0; }
.liventix-card label { display: block; margin: 0 0 4px; font-size: 14px; color: var(--sim-text); }
.liventix-card input, .liventix-card select { display: block; width: 100%; min-height: 48px; padding: 10px 12px; font-size: 16px;
  color: var(--sim-text); background: var(--sim-ground); border: 1.5px solid var(--sim-border); border-radius: var(--sim-radius);
  font-variant-numeric: tabular-nums; margin: 0; }
.liventix-card input[aria-invalid="true"] { border-color: var(--sim-danger); }
.liventix-card .mistake { margin: 4px 0 0; font-size: 14px; color: var(--sim-danger); }
.liventix-card .mistake:empty { display: none; }
.liventix-card .picks { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
.liventix-card .picks p { margin: 0; flex-basis: 100%; font-size: 13px; color: var(--sim-text-2); }
.liventix-card button, .liventix-challenge button { min-height: 44px; padding: 8px 12px; font-size: 14px; font-weight: 600; cursor: pointer;
  color: var(--sim-text); background: transparent; border: 1.5px solid var(--sim-border); border-radius: var(--sim-radius); }
.liventix-card :focus-visible, .liventix-challenge :focus-visible { outline: 2px solid var(--sim-primary); outline-offset: 2px; }
.liventix-challenge { width: min(400px, calc(100vw - 32px)); padding: 24px; background: var(--sim-ground); border: 1px solid var(--sim-border); border-radius: 16px; }
.liventix-challenge::backdrop { background: rgb(11 11 18 / .6); }
.liventix-challenge h2 { margin: 0 0 8px; font-size: 20px; line-height: 1.2; color: var(--sim-text); }
.liventix-challenge p { margin: 0 0 16px; font-size: 16px; }
.liventix-challenge .small { font-size: 13px; color: var(--sim-text-2); margin: 16px 0 0; }
.liventix-challenge .choices { display: grid; gap: 8px; }
.liventix-challenge button { width: 100%; font-size: 16px; min-height: 48px; }
`;

/** Adds the form's styles once. A constructed sheet is no inline style, so a strict content policy lets it be. */
function adoptStyles(): void {
  if (adopted) return;
  adopted = true;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
let adopted = false;

/** Dresses an element in the colours the shop passed as `appearance`, over the theme's own. */
export function dress(element: HTMLElement, appearance: Appearance = {}): void {
  adoptStyles();
  const given = appearance.variables ?? {};
  const theme = appearance.theme === 'night' ? NIGHT : LIGHT;
  const colour = (name: keyof Colours) => given[name] ?? theme[name];
  const values = {
    '--sim-primary': colour('colorPrimary'),
    '--sim-ground': colour('colorBackground'),
    '--sim-text': colour('colorText'),
    '--sim-text-2': colour('colorTextSecondary'),
    '--sim-danger': colour('colorDanger'),
    '--sim-border': colour('colorBorder'),
    '--sim-radius': given.borderRadius ?? '10px',
    '--sim-font': given.fontFamily ?? 'inherit',
  };
  for (const [name, value] of Object.entries(values)) element.style.setProperty(name, value);
}
