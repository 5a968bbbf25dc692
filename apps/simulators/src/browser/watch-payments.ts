import { keepLive } from './live-page.ts';

const base = location.pathname.replace(/\/$/, '');

function say(words: string): void {
  const line = document.getElementById('said');
  if (line) line.textContent = words;
}

async function pull(control: string, input: unknown): Promise<void> {
  const response = await fetch(`${base}/controls/${control}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  });
  const result = (await response.json()) as { message?: string };
  say(response.ok ? 'Done.' : (result.message ?? 'That did not work.'));
}

document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('button') : null;
  if (button?.dataset.copy) {
    const number = button.dataset.copy;
    navigator.clipboard.writeText(number).then(
      () => say(`Copied ${number}.`),
      () => say(`Your browser did not allow copying. The number is ${number}.`),
    );
  }
  if (button?.dataset.control) void pull(button.dataset.control, JSON.parse(button.dataset.input ?? '{}'));
});

document.addEventListener('submit', (event) => {
  const form = event.target instanceof HTMLFormElement ? event.target : null;
  if (!form?.dataset.form) return;
  event.preventDefault();
  const numbers = [...form.querySelectorAll('input[type=number]')].map((input) => input.getAttribute('name'));
  const entries = [...new FormData(form)].map(([name, value]) => [
    name,
    numbers.includes(name) ? Number(value) : value,
  ]);
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  void pull(form.dataset.form, Object.fromEntries(entries));
});

keepLive(`${base}/live`);
