import { wordsFor } from '@liventix/contracts/errors';
import { Prove } from '@liventix/contracts/security';
import { type ActionFunctionArgs, redirectDocument } from '@remix-run/node';
import { backTo } from '~/features/accounts/back-to.ts';
import { refusalOf } from '~/features/checkout/refusal.ts';

/** The form of the page before JavaScript: proves who one is, and goes on to where that was asked. */
export async function actOnProof({ request, context }: ActionFunctionArgs): Promise<Response | { words: string }> {
  const form = await request.formData();
  const [by, proof] = [form.get('by'), String(form.get('proof') ?? '')];
  const given = Prove.safeParse(by === 'password' ? { by, password: proof } : { by, code: proof });
  try {
    if (!given.success) return { words: WRONG };
    await context.api.security.prove(given.data);
  } catch (thrown) {
    const refusal = refusalOf(thrown);
    if (!refusal || refusal.status >= 500) throw thrown;
    return { words: refusal.words };
  }
  return redirectDocument(backTo(new URL(request.url).searchParams.get('to')));
}

const WRONG = wordsFor('PROOF_WRONG');
