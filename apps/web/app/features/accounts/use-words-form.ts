import { type FormMetadata, useForm } from '@conform-to/react';
import { useAccountWords } from '~/platform/i18n/account.ts';
import type accountWords from '~/platform/i18n/en/account.json';
import type { FormAnswer } from './answers.ts';

type FieldWord = keyof typeof accountWords.field;

/**
 * A form the server checks: what was typed stays, the first field that needs another look is focused, and `errorOf`
 * says in words what is wrong with one.
 */
export function useWordsForm<Shape extends Record<string, string | undefined>>(
  id: string,
  answer: FormAnswer | undefined,
  defaultValue?: Partial<Shape>,
) {
  const { t } = useAccountWords();
  const [form, fields] = useForm<Shape, string[]>({
    id,
    lastResult: answer?.result,
    defaultValue: defaultValue as never,
    shouldValidate: 'onSubmit',
  });
  const errorOf = (errors: string[] | undefined) => errors?.[0] && t(`field.${errors[0] as FieldWord}`);
  return { form: form as FormMetadata<Shape, string[]>, fields, errorOf };
}
