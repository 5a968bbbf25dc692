/** One file a kind of field, so that a page loads only the kinds it shows. */

export { CheckField } from './check-field.tsx';
export { ChoiceField } from './choice-field.tsx';
export { PasswordField } from './password-field.tsx';
export { SelectField } from './select-field.tsx';
export { SwitchField } from './switch-field.tsx';
export { TextArea } from './text-area.tsx';
export { TextField } from './text-field.tsx';
