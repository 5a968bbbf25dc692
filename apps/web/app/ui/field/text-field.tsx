import { TextInput, type TextInputProps } from '@mantine/core';
import { forwardRef } from 'react';
import { type Field, first } from './field-words.ts';

type TextFieldProps = Field<TextInputProps>;
export const TextField = forwardRef<HTMLInputElement, TextFieldProps>(function TextField(
  { hint, error, ...rest },
  ref,
) {
  return <TextInput ref={ref} description={hint} error={first(error)} {...rest} />;
});
