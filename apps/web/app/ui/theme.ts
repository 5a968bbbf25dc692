import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';
import styles from './theme.module.css';

/** Violet is you. The sixth shade is the fill of the art direction, the seventh its hover. */
const you: MantineColorsTuple = [
  '#f4f1ff',
  '#ece7ff',
  '#d3c9ff',
  '#b9a9ff',
  '#9078f7',
  '#6c4cf1',
  '#5636db',
  '#4a2cc4',
  '#38209a',
  '#231c46',
];

const field = {
  root: styles.inputWrapper,
  label: styles.fieldLabel,
  description: styles.fieldHint,
  error: styles.fieldError,
  required: styles.required,
  input: styles.input,
  section: styles.inputSection,
};

/**
 * Mantine in the house's clothes. Components are dressed by name and not imported here: what no screen uses (dialogs,
 * menus, date pickers) must not weigh on the first page.
 */
export const theme = createTheme({
  colors: { you },
  primaryColor: 'you',
  primaryShade: 5,
  white: '#ffffff',
  black: '#0b0b12',
  fontFamily: 'var(--font-text)',
  fontFamilyMonospace: 'var(--font-mono)',
  headings: { fontFamily: 'var(--font-display)', fontWeight: '700' },
  defaultRadius: 10,
  cursorType: 'pointer',
  // The ring is drawn by base.css for every element alike.
  focusRing: 'never',
  activeClassName: '',
  respectReducedMotion: true,
  components: {
    Button: {
      defaultProps: { variant: 'default', radius: 10 },
      classNames: { root: styles.button, inner: styles.inner, label: styles.label, section: styles.section },
    },
    InputWrapper: {
      classNames: field,
      defaultProps: { inputWrapperOrder: ['label', 'description', 'input', 'error'] },
    },
    Input: { classNames: { input: styles.input, section: styles.inputSection } },
    TextInput: { classNames: field, defaultProps: { inputWrapperOrder: ['label', 'description', 'input', 'error'] } },
    Textarea: { classNames: field, defaultProps: { inputWrapperOrder: ['label', 'description', 'input', 'error'] } },
    NumberInput: { classNames: field, defaultProps: { inputWrapperOrder: ['label', 'description', 'input', 'error'] } },
    NativeSelect: {
      classNames: field,
      defaultProps: { inputWrapperOrder: ['label', 'description', 'input', 'error'] },
    },
    Select: { classNames: { ...field, dropdown: styles.menu, option: styles.menuItem } },
    DateTimePicker: { classNames: field },
    DateInput: { classNames: field },
    PasswordInput: {
      classNames: { ...field, innerInput: styles.passwordInner },
      defaultProps: { inputWrapperOrder: ['label', 'description', 'input', 'error'] },
    },
    Checkbox: {
      classNames: {
        input: styles.tick,
        body: styles.tickBody,
        label: styles.tickLabel,
        description: styles.fieldHint,
        error: styles.fieldError,
      },
    },
    Radio: {
      classNames: {
        radio: styles.round,
        body: styles.tickBody,
        label: styles.tickLabel,
        description: styles.fieldHint,
        error: styles.fieldError,
      },
    },
    Switch: {
      classNames: {
        track: styles.track,
        body: styles.tickBody,
        label: styles.tickLabel,
        description: styles.fieldHint,
      },
    },
    Tabs: { classNames: { list: styles.tabList, tab: styles.tab } },
    Modal: {
      defaultProps: {
        centered: true,
        padding: 0,
        overlayProps: { className: styles.overlay, backgroundOpacity: 0.5 },
        transitionProps: { transition: 'slide-up', duration: 320, timingFunction: 'cubic-bezier(.2,.8,.2,1)' },
      },
      classNames: {
        inner: styles.dialogInner,
        content: styles.dialog,
        header: styles.dialogHeader,
        title: styles.dialogTitle,
        body: styles.dialogBody,
        close: styles.close,
      },
    },
    Menu: {
      defaultProps: { shadow: undefined, offset: 6, transitionProps: { transition: 'fade', duration: 120 } },
      classNames: { dropdown: styles.menu, item: styles.menuItem },
    },
    Popover: { classNames: { dropdown: styles.menu }, defaultProps: { shadow: undefined } },
    Table: { classNames: { th: styles.tableHead }, defaultProps: { highlightOnHover: false, striped: false } },
  },
});

/** Mantine reads our tokens, so both schemes have one source. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {
    '--mantine-color-body': 'var(--paper)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-dimmed': 'var(--text-2)',
    '--mantine-color-placeholder': 'var(--text-3)',
    '--mantine-color-error': 'var(--bad)',
    '--mantine-color-anchor': 'var(--you-ink)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-hover': 'var(--sunk)',
    '--mantine-color-default-color': 'var(--text)',
    '--mantine-color-default-border': 'var(--control)',
    '--mantine-color-disabled': 'var(--sunk)',
    '--mantine-color-disabled-color': 'var(--text-3)',
    '--mantine-color-disabled-border': 'var(--line)',
    '--mantine-line-height': '1.5',
  },
  light: {
    '--mantine-color-body': 'var(--paper)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-dimmed': 'var(--text-2)',
    '--mantine-color-placeholder': 'var(--text-3)',
    '--mantine-color-error': 'var(--bad)',
    '--mantine-color-default-border': 'var(--control)',
  },
  dark: {
    '--mantine-color-body': 'var(--paper)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-dimmed': 'var(--text-2)',
    '--mantine-color-placeholder': 'var(--text-3)',
    '--mantine-color-error': 'var(--bad)',
    '--mantine-color-default-border': 'var(--control)',
  },
});
