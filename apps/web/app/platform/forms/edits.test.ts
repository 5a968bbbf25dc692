import { describe, expect, it } from 'vitest';
import { Edits, type Stored } from './edits.ts';

interface Night {
  title: string;
  about: string;
  price: number;
  line: { name: string; at?: string }[];
}
type Row = Stored<Night>;

const ROW: Row = { edition: 1, title: 'Static', about: 'Tape.', price: 2499, line: [{ name: 'Kassel', at: '21:00' }] };

/** What the server answers: one row of one edition, which forms share; it says no to a title "No". */
function aRow() {
  let row = { ...ROW };
  const sent: Partial<Night>[] = [];
  const gates: (() => void)[] = [];
  const save = (change: Partial<Night>) => {
    row = { ...row, ...change, edition: row.edition + 1 };
    return row;
  };
  const refusal = (code: string, details: object = {}) => ({ data: { code, details, httpStatus: 409 } });
  let down = false;
  const form = (auto = true) =>
    new Edits<Night>({
      stored: row,
      auto,
      send: async (change, edition) => {
        await new Promise<void>((go) => gates.push(go));
        if (down) throw new TypeError('no network');
        if (edition !== row.edition) throw refusal('EDIT_CONFLICT', { current: row });
        if (change.title === 'No') throw refusal('INPUT_INVALID', { issues: [{ path: ['title'] }] });
        if (change.title === 'Late') throw refusal('INPUT_INVALID', { issues: [{ path: ['line'] }] });
        sent.push(change);
        return save(change);
      },
      current: (details) => details.current as Row,
    });
  /** Lets every request through, until no form has anything to send. */
  const settle = async () => {
    for (let idle = 0; idle < 20; idle++) {
      while (gates.length > 0) {
        gates.shift()?.();
        idle = 0;
      }
      await Promise.resolve();
    }
  };
  return { form, save, sent, settle, row: () => row, cut: (value: boolean) => (down = value) };
}

describe('edits of a form', () => {
  it('send only what changed, and nothing when it is typed back', async () => {
    const { form, sent, settle } = aRow();
    const edits = form();
    edits.type('title', 'Noise', () => ({ value: 'Noise' }));
    edits.type('line', [], () => ({ value: [{ at: '21:00', name: 'Kassel' }] }));
    await settle();
    expect([sent, edits.view().state]).toEqual([[{ title: 'Noise' }], 'saved']);
  });

  it('never say saved while a field holds what is not stored, whatever is saved beside it', async () => {
    const { form, settle, row } = aRow();
    const edits = form();
    edits.type('price', 'abc', () => ({ problem: { code: 'FIELD', words: null, details: {} } }));
    edits.type('title', 'Noise', () => ({ value: 'Noise' }));
    await settle();
    expect([row().title, edits.view().state, edits.view().typed.get('price')]).toEqual(['Noise', 'unsaved', 'abc']);
    edits.type('price', '25', () => ({ value: 2500 }));
    await settle();
    expect([row().price, edits.view().state]).toEqual([2500, 'saved']);
    // Typed and not read yet, because the user is still in the field.
    edits.type('title', 'Noi', (typed) => ({ value: String(typed) }), 'leaving');
    expect(edits.view().state).toBe('saving');
    edits.leave('title');
    await settle();
    expect([row().title, edits.view().state]).toEqual(['Noi', 'saved']);
  });

  it('end at "not saved" when a change is refused because of another field, and are not sent for ever', async () => {
    const { form, settle, row, sent } = aRow();
    const edits = form();
    edits.type('title', 'Late', () => ({ value: 'Late' }));
    edits.type('about', 'More.', () => ({ value: 'More.' }));
    await settle();
    expect([edits.view().state, [...edits.view().problems.keys()]]).toEqual(['unsaved', ['title']]);
    expect([row().about, sent]).toEqual(['More.', [{ about: 'More.' }]]);
  });

  it('merge what two users changed in different fields, and show each what the other saved', async () => {
    const { form, settle, row } = aRow();
    const [anna, ben] = [form(), form()];
    anna.type('price', '27', () => ({ value: 2700 }));
    await settle();
    ben.type('about', 'Tape and tea.', () => ({ value: 'Tape and tea.' }));
    await settle();
    expect(row()).toMatchObject({ price: 2700, about: 'Tape and tea.' });
    expect([ben.view().stored.price, ben.view().state, ben.view().conflicts.size]).toEqual([2700, 'saved', 0]);
    anna.adopt(row());
    expect([anna.view().stored.about, anna.view().typed.get('about')]).toEqual(['Tape and tea.', undefined]);
  });

  it.each([
    ['mine', 'Hers and more.'],
    ['theirs', 'His.'],
  ] as const)('keep both texts when two users change one field, until one chooses %s', async (whose, end) => {
    const { form, settle, row, save } = aRow();
    const edits = form();
    edits.type('about', 'Hers.', () => ({ value: 'Hers.' }));
    save({ about: 'His.' });
    await settle();
    expect([row().about, edits.view().state]).toEqual(['His.', 'unsaved']);
    expect(edits.view().conflicts.get('about')).toEqual({ mine: 'Hers.', theirs: 'His.' });
    // She goes on typing: nothing of it is lost, and nothing of it is sent.
    edits.type('about', 'Hers and more.', () => ({ value: 'Hers and more.' }));
    await settle();
    expect([row().about, edits.view().typed.get('about')]).toEqual(['His.', 'Hers and more.']);
    edits.choose('about', whose);
    await settle();
    expect([row().about, edits.view().state]).toEqual([end, 'saved']);
  });

  it('take a save whose answer was lost for saved', async () => {
    const { form, settle, row, save, sent } = aRow();
    const edits = form();
    edits.type('title', 'Noise', () => ({ value: 'Noise' }));
    save({ title: 'Noise' });
    await settle();
    expect([edits.view().state, edits.view().conflicts.size, row().edition, sent]).toEqual(['saved', 0, 2, []]);
  });

  it('wait without a connection, and keep what is typed', async () => {
    const { form, settle, row, cut } = aRow();
    const edits = form();
    cut(true);
    edits.type('title', 'Noise', () => ({ value: 'Noise' }));
    await settle();
    expect([edits.view().state, row().title]).toEqual(['offline', 'Static']);
    cut(false);
    void edits.flush();
    await settle();
    expect([edits.view().state, row().title]).toEqual(['saved', 'Noise']);
  });

  it('with a button: save on it alone, and stop at a conflict with the rest unsent', async () => {
    const { form, settle, row, save } = aRow();
    const edits = form(false);
    edits.type('price', '24', () => ({ value: 2400 }));
    edits.type('title', 'Noise', () => ({ value: 'Noise' }));
    await settle();
    expect(row().edition).toBe(1);
    save({ price: 2700 });
    const first = edits.submit();
    await settle();
    expect([await first, row().title]).toEqual([false, 'Static']);
    edits.choose('price', 'theirs');
    const second = edits.submit();
    await settle();
    expect([await second, row()]).toMatchObject([true, { title: 'Noise', price: 2700 }]);
  });

  it('with a button: read the field that the user is still in', async () => {
    const { form, settle, row } = aRow();
    const edits = form(false);
    edits.type('price', '30', () => ({ value: 3000 }), 'leaving');
    const pressed = edits.submit();
    await settle();
    expect([await pressed, row().price]).toEqual([true, 3000]);
  });

  it('with a button: try again what was refused before', async () => {
    const { form, settle, row } = aRow();
    const edits = form(false);
    edits.type('title', 'No', () => ({ value: 'No' }));
    edits.type('price', '30', () => ({ value: 3000 }));
    for (let n = 0; n < 2; n++) {
      const pressed = edits.submit();
      await settle();
      expect([await pressed, row().edition, [...edits.view().problems.keys()]]).toEqual([false, 1, ['title']]);
    }
    edits.type('title', 'Yes', () => ({ value: 'Yes' }));
    const pressed = edits.submit();
    await settle();
    expect([await pressed, row()]).toMatchObject([true, { title: 'Yes', price: 3000 }]);
  });
});
