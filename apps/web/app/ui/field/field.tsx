import {
  Checkbox,
  type CheckboxProps,
  NativeSelect,
  type NativeSelectProps,
  PasswordInput,
  type PasswordInputProps,
  Radio,
  Switch,
  type SwitchProps,
  Textarea,
  type TextareaProps,
  TextInput,
  type TextInputProps,
} from '@mantine/core';
import { forwardRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface Words {
  label: ReactNode;
  /** Under the label, before anything went wrong. */
  hint?: ReactNode;
  /** What is wrong and what to do; a list shows its first sentence. */
  error?: ReactNode | string[];
}

const first = (error: Words['error']): ReactNode => (Array.isArray(error) ? error[0] : error);

type Field<P> = Omit<P, 'label' | 'description' | 'error'> & Words;

export type TextFieldProps = Field<TextInputProps>;
export const TextField = forwardRef<HTMLInputElement, TextFieldProps>(function TextField(
  { hint, error, ...rest },
  ref,
) {
  return <TextInput ref={ref} description={hint} error={first(error)} {...rest} />;
});

export type PasswordFieldProps = Field<PasswordInputProps>;
export const PasswordField = forwardRef<HTMLInputElement, PasswordFieldProps>(function PasswordField(
  { hint, error, ...rest },
  ref,
) {
  const { t } = useTranslation('common');
  return (
    <PasswordInput
      ref={ref}
      description={hint}
      error={first(error)}
      visibilityToggleButtonProps={{ 'aria-label': t('show_password'), tabIndex: 0 }}
      {...rest}
    />
  );
});

export type TextAreaFieldProps = Field<TextareaProps>;
export const TextArea = forwardRef<HTMLTextAreaElement, TextAreaFieldProps>(function TextArea(
  { hint, error, ...rest },
  ref,
) {
  return <Textarea ref={ref} description={hint} error={first(error)} {...rest} />;
});

export type SelectFieldProps = Field<NativeSelectProps>;
/** The system's own list: good on every phone, and it works before JavaScript. */
export const SelectField = forwardRef<HTMLSelectElement, SelectFieldProps>(function SelectField(
  { hint, error, ...rest },
  ref,
) {
  return <NativeSelect ref={ref} description={hint} error={first(error)} {...rest} />;
});

export type CheckFieldProps = Field<CheckboxProps>;
export const CheckField = forwardRef<HTMLInputElement, CheckFieldProps>(function CheckField(
  { hint, error, ...rest },
  ref,
) {
  return <Checkbox ref={ref} description={hint} error={first(error)} {...rest} />;
});

export type SwitchFieldProps = Field<SwitchProps>;
export const SwitchField = forwardRef<HTMLInputElement, SwitchFieldProps>(function SwitchField(
  { hint, error, ...rest },
  ref,
) {
  return <Switch ref={ref} description={hint} error={first(error)} {...rest} />;
});

export interface ChoiceFieldProps extends Words {
  name: string;
  options: { value: string; label: ReactNode; hint?: ReactNode }[];
  value?: string;
  defaultValue?: string;
  onChange?: (value: string) => void;
}

/** One of a few, all in sight. */
export function ChoiceField({ label, hint, error, name, options, value, defaultValue, onChange }: ChoiceFieldProps) {
  return (
    <Radio.Group
      name={name}
      label={label}
      description={hint}
      error={first(error)}
      value={value}
      defaultValue={defaultValue}
      onChange={onChange}
    >
      {options.map((option) => (
        <Radio key={option.value} value={option.value} label={option.label} description={option.hint} />
      ))}
    </Radio.Group>
  );
}
