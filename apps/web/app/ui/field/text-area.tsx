import { Textarea, type TextareaProps } from '@mantine/core';
import { forwardRef } from 'react';
import { type Field, first } from './field-words.ts';

type TextAreaFieldProps = Field<TextareaProps>;
export const TextArea = forwardRef<HTMLTextAreaElement, TextAreaFieldProps>(function TextArea(
  { hint, error, ...rest },
  ref,
) {
  return <Textarea ref={ref} description={hint} error={first(error)} {...rest} />;
});
